import type { Fetch } from '../../system/index.ts'
import type { ImpersonationMode } from '../rights/index.ts'

/** What an API server says to somebody who impersonates. */
export type TrialOutcome =
  /** It refuses, and names the right that it looked for: that is how it grants impersonation. */
  | { readonly kind: 'refused'; readonly mode: ImpersonationMode }
  | { readonly kind: 'allowed' }
  /** It does not even know who asks, or answers something else. */
  | { readonly kind: 'unclear'; readonly status: number }

/** A name that no provider can give and that has no rights. */
const nobody = 'oidc-gateway:self-check'

/**
 * Impersonates somebody without rights, at a path that tells nothing. Nothing is changed by it.
 *
 * The verb in the refusal tells whether the API server knows constrained impersonation (KEP-5284): what
 * its version promises can be switched off.
 *
 * @param fetch a connection with a credential, or without any
 */
export async function tryImpersonation(
  fetch: Fetch,
  server: string,
  path: '/livez' | '/version',
  signal: AbortSignal,
): Promise<TrialOutcome> {
  const response = await fetch(`${server}${path}`, {
    headers: { 'impersonate-user': nobody },
    signal,
  })
  const text = await response.text()
  const { status } = response
  if (status === 200) return { kind: 'allowed' }
  if (status !== 403) return { kind: 'unclear', status }
  // "cannot impersonate-on:user-info:get path", or "cannot impersonate:user-info resource"
  if (/cannot impersonate(?:-on)?:/.test(text)) return { kind: 'refused', mode: 'constrained' }
  if (/cannot impersonate resource/.test(text)) return { kind: 'refused', mode: 'classic' }
  // Who may impersonate is judged for the path next, and nobody has a right to it.
  return text.includes(nobody) ? { kind: 'allowed' } : { kind: 'unclear', status }
}
