import type { HttpClient } from '../../system/index.ts'
import type { Issuer } from '../config/index.ts'
import { providerDocuments } from './discovery.ts'

/**
 * Loads the discovery document and the keys of a provider once, as the gateway does.
 *
 * @returns how many keys can verify a signature
 * @throws Error with a sentence that says what is wrong, and what the HTTP client throws
 */
export async function countKeys(
  issuer: Issuer,
  http: HttpClient,
  signal: AbortSignal,
): Promise<number> {
  const documents = providerDocuments(issuer, http)
  const url = await documents.keySetUrl(signal)
  return (await documents.keys(url, signal)).length
}
