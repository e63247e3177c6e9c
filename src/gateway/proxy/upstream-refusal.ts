import type { Decision } from '../impersonation/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { ResponseHead, UpstreamFailure } from '../upstream/index.ts'
import { isForeignRedirect } from './redirect.ts'

/** How a failure to reach the API server is told. */
export function failureRefusal(failure: UpstreamFailure): Refusal {
  switch (failure) {
    case 'overloaded':
      return refuse(503, 'overloaded', 'The gateway has no free connection to the API server.')
    case 'unreachable':
      return refuse(503, 'upstream_unreachable', 'The gateway cannot reach the API server.')
    case 'timed_out':
      return refuse(
        504,
        'upstream_unreachable',
        'The API server did not accept a connection in time.',
      )
    case 'invalid':
      return refuse(502, 'upstream_answer_invalid', 'The answer of the API server is not HTTP.')
    case 'broken':
    case 'stale':
    case 'aborted':
      return refuse(
        502,
        'upstream_unreachable',
        'The API server closed the connection before it answered.',
      )
  }
}

/**
 * Why an answer of the API server must not reach the client, if so.
 *
 * - A 401 to a request with our credential is about us: kubectl would sign in again and again (rule B11).
 *   Behind `…/proxy` a program in the cluster answers, and its 401 is meant for its user.
 * - A redirection to another host would take the client's token there (rule D7).
 */
export function answerRefusal(decision: Decision, head: ResponseHead): Refusal | undefined {
  if (decision.kind === 'forward' && head.status === 401) {
    const { subresource, verb } = decision.request.info
    if (subresource !== 'proxy' && verb !== 'proxy') {
      return refuse(
        502,
        'upstream_credential_refused',
        "The API server refused the gateway's own credential; the operator has to renew it.",
      )
    }
  }
  if (!isForeignRedirect(head)) return undefined
  return refuse(502, 'upstream_answer_invalid', 'The API server redirected to another host.')
}
