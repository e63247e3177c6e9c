import type { Upstream } from '../upstream/index.ts'
import { fieldOf } from './field.ts'
import { ownRequest } from './own-request.ts'

/** How long the API server may take, in milliseconds. */
const deadlineMs = 5_000

/**
 * Who signs the ServiceAccount tokens of the cluster, as its own discovery document says
 * (`system:service-account-issuer-discovery`); undefined when it does not tell us. Never rejects.
 */
export async function serviceAccountIssuer(upstream: Upstream): Promise<string | undefined> {
  try {
    const { status, json } = await ownRequest(
      upstream,
      { path: '/.well-known/openid-configuration' },
      AbortSignal.timeout(deadlineMs),
    )
    const issuer = status === 200 ? fieldOf(json, 'issuer') : undefined
    return typeof issuer === 'string' && issuer !== '' ? issuer : undefined
  } catch {
    return undefined
  }
}
