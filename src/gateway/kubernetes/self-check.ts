import type { Upstream } from '../upstream/index.ts'
import { messageOf } from './field.ts'
import { NoAnswer, ownRequest } from './own-request.ts'

/** How the API server received the gateway's own request. */
export type UpstreamOutcome =
  | { readonly kind: 'good' }
  | { readonly kind: 'unreachable'; readonly message: string }
  /** The gateway's credential is not accepted. */
  | { readonly kind: 'credential_refused' }
  /** The credential is accepted, but may not impersonate: `message` is what the API server says of it. */
  | { readonly kind: 'impersonation_refused'; readonly message: string }

/** How a failure is told to the operator. */
const words: Readonly<Record<NoAnswer['failure'] | 'unexpected', string>> = {
  unreachable: 'no connection can be opened',
  timed_out: 'no connection could be opened in time',
  broken: 'it closed the connection',
  stale: 'it closed the connection',
  aborted: 'nothing came in time',
  invalid: 'what came is not HTTP',
  too_large: 'what came is too large',
  overloaded: 'all connections are in use',
  unexpected: 'unexpected error',
}

/** A name that no provider can give and that has no rights. */
const nobody = 'oidc-gateway:self-check'

/** How long the API server may take, in milliseconds. */
const deadlineMs = 10_000

/**
 * Tries what the gateway lives from: a request with its credential that acts as somebody without rights,
 * to a path that every authenticated user may read. Where the cluster has taken that right away, the
 * refusal is about the path and not about impersonation. Never rejects.
 */
export async function checkUpstream(
  upstream: Upstream,
  signal: AbortSignal,
): Promise<UpstreamOutcome> {
  try {
    const { status, json } = await ownRequest(
      upstream,
      { path: '/version', impersonation: [['Impersonate-User', nobody]] },
      AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    )
    if (status === 401) return { kind: 'credential_refused' }
    const message = messageOf(json)
    if (status === 403 && message.includes('impersonate')) {
      return { kind: 'impersonation_refused', message }
    }
    if (status < 500) return { kind: 'good' }
    return { kind: 'unreachable', message: `it answers with ${status}` }
  } catch (error) {
    const failure = error instanceof NoAnswer ? error.failure : 'unexpected'
    return { kind: 'unreachable', message: words[failure] }
  }
}
