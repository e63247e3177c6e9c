import type { Clock } from '../../system/index.ts'
import type { ProviderDocuments } from './discovery.ts'
import type { VerificationKey } from './key-set.ts'

/** Loads the keys of a provider: where they are is looked up first, and again after a failure. */
export type KeyLoader = (signal: AbortSignal) => Promise<readonly VerificationKey[]>

/** The location of the keys is looked up again this often. */
const rediscoverMs = 60 * 60_000

/**
 * Makes a loader.
 *
 * @returns rejects with an Error whose message says what is wrong
 */
export function createKeyLoader(documents: ProviderDocuments, clock: Clock): KeyLoader {
  let location: { readonly url: string; readonly foundAt: number } | undefined
  return async (signal) => {
    const known = location
    location = undefined
    const isKnown = known !== undefined && clock.elapsed() - known.foundAt < rediscoverMs
    const found = isKnown
      ? known
      : { url: await documents.keySetUrl(signal), foundAt: clock.elapsed() }
    const keys = await documents.keys(found.url, signal)
    location = found
    return keys
  }
}
