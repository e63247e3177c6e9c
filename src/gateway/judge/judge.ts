import type { Authenticator, Verdict } from '../authentication/index.ts'
import type { Identity } from '../identity/index.ts'
import {
  type Decision,
  decide,
  type ForwardIfAllowed,
  type ImpersonationPolicy,
  type Judge,
  type OwnAnswer,
} from '../impersonation/index.ts'
import type { Reviewer } from '../kubernetes/index.ts'
import { type AdmittedRequest, refuse } from '../request/index.ts'
import { askAll } from './ask-all.ts'

/** What a {@link Judge} is made of. */
export interface JudgeParts {
  readonly authenticator: Pick<Authenticator, 'authenticate'>
  readonly reviewer: Reviewer
  readonly policy: ImpersonationPolicy
  /** Public paths that are forwarded without any credential; exact. */
  readonly openPaths: readonly string[]
  /** What the gateway itself answers to somebody without credentials. */
  readonly ownAnswer: (request: AdmittedRequest) => OwnAnswer | undefined
}

/** Makes the judge of a listener: who is it, what may they, as whom does the request go on? */
export function createJudge(parts: JudgeParts): Judge {
  return {
    judge(request, _peer, signal) {
      if (request.token === undefined) return withoutCredential(parts, request)
      const verdict = parts.authenticator.authenticate(request.token)
      return verdict instanceof Promise
        ? verdict.then((known) => byVerdict(parts, request, known, signal))
        : byVerdict(parts, request, verdict, signal)
    },
  }
}

function byVerdict(
  parts: JudgeParts,
  request: AdmittedRequest,
  verdict: Verdict,
  signal: () => AbortSignal,
): Decision | Promise<Decision> {
  switch (verdict.kind) {
    case 'authenticated':
      return forIdentity(parts, request, verdict.identity, signal)
    case 'service-account':
      // The API server knows the token's owner, and what he may impersonate, better than we do.
      return {
        kind: 'passthrough',
        request,
        token: request.token,
        impersonation: request.impersonation,
      }
    case 'refused':
      return verdict
  }
}

/** Nobody is ever forwarded as `system:anonymous`: what is not public needs a name. */
function withoutCredential(parts: JudgeParts, request: AdmittedRequest): Decision {
  const isPlain = request.impersonation.length === 0 && request.upgrade === undefined
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (isPlain && isRead && request.body.kind === 'none') {
    if (parts.openPaths.includes(request.target)) {
      return { kind: 'passthrough', request, token: undefined, impersonation: [] }
    }
    const own = parts.ownAnswer(request)
    if (own) return own
  }
  return refuse(401, 'credential_missing', 'A bearer token is needed: sign in.')
}

function forIdentity(
  parts: JudgeParts,
  request: AdmittedRequest,
  identity: Identity,
  signal: () => AbortSignal,
): Decision | Promise<Decision> {
  const decision = decide(request, identity, parts.policy)
  if (decision.kind !== 'forward-if-allowed') return decision
  return ifAllowed(parts.reviewer, decision, signal)
}

async function ifAllowed(
  reviewer: Reviewer,
  { questions, forward }: ForwardIfAllowed,
  signal: () => AbortSignal,
): Promise<Decision> {
  const outcome = await askAll(reviewer, questions, signal())
  switch (outcome.kind) {
    case 'allowed':
      return forward
    case 'denied': {
      const { resource, name } = outcome.question
      const what = `${resource} ${JSON.stringify(name.slice(0, 100))}`
      return refuse(403, 'impersonation_denied', `You may not impersonate ${what}.`)
    }
    case 'unknown':
      return refuse(
        503,
        'review_unavailable',
        'The API server did not say in time whether you may impersonate.',
      )
  }
}
