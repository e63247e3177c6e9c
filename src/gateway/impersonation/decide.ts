import type { Identity, UserInfo } from '../identity/index.ts'
import type { AccessQuestion } from '../kubernetes/index.ts'
import { type AdmittedRequest, type HeaderLine, type Refusal, refuse } from '../request/index.ts'
import type { Forward } from './decision.ts'
import { impersonationLines } from './header-lines.ts'
import { nestedQuestions } from './nested-questions.ts'
import { nestedUser } from './nested-user.ts'
import { originalUserKey, originalUserValue, ownExtraDomain } from './original-user.ts'
import type { ImpersonationPolicy } from './policy.ts'
import { unrepresentable } from './representable.ts'
import { reservedRefusal } from './reserved.ts'

/** Forwarded if the API server answers every question with yes. */
export interface ForwardIfAllowed {
  readonly kind: 'forward-if-allowed'
  readonly questions: readonly AccessQuestion[]
  readonly forward: Forward
}

/** How many questions one request may cost. */
const maxQuestions = 64

/**
 * Decides as whom a request goes to the API server. Pure: no clock, no I/O; what only the API server
 * can tell comes back as questions. Whatever is not clearly allowed is refused.
 */
export function decide(
  request: AdmittedRequest,
  identity: Identity,
  policy: ImpersonationPolicy,
): Forward | ForwardIfAllowed | Refusal {
  const own = ownPart(identity.user, policy)
  if (own.kind === 'refused') return own
  const { user } = own
  if (request.impersonation.length === 0) {
    const { impersonation } = own
    return impersonation.kind === 'refused'
      ? impersonation
      : { kind: 'forward', request, identity, user, impersonation: impersonation.lines }
  }
  if (policy.nested === 'deny') {
    return refuse(403, 'impersonation_denied', 'This gateway does not allow impersonation (--as).')
  }
  const nested = nestedUser(request.impersonation)
  if (nested.kind === 'refused') return nested
  return actingAs(request, identity, user, nested.user, policy)
}

/** What of a decision depends on the user alone. */
interface OwnPart {
  readonly kind: 'own'
  /** As whom requests go on, unless he acts as another. */
  readonly user: UserInfo
  readonly impersonation: BoundedLines | Refusal
}

/** A user sends many requests: he is looked at once for each policy. */
const ownParts = new WeakMap<ImpersonationPolicy, WeakMap<UserInfo, OwnPart | Refusal>>()

function ownPart(user: UserInfo, policy: ImpersonationPolicy): OwnPart | Refusal {
  const ofPolicy = ownParts.get(policy) ?? new WeakMap<UserInfo, OwnPart | Refusal>()
  ownParts.set(policy, ofPolicy)
  const known = ofPolicy.get(user)
  if (known) return known
  const part = newOwnPart(user, policy)
  ofPolicy.set(user, part)
  return part
}

function newOwnPart(given: UserInfo, policy: ImpersonationPolicy): OwnPart | Refusal {
  const user = ownUser(given, policy)
  // Reserved groups first: they would count in the questions about somebody else (rule A13).
  const refusal = reservedRefusal(user, policy) ?? unrepresentable(user, policy) ?? foreignKey(user)
  return refusal ?? { kind: 'own', user, impersonation: boundedLines(user, policy) }
}

/** kube-apiserver gives every user with a `jti` this key; the gateway needs a right of its own to pass it on. */
const credentialId = 'authentication.kubernetes.io/credential-id'

function ownUser(user: UserInfo, policy: ImpersonationPolicy): UserInfo {
  if (policy.sendCredentialId || !user.extra.has(credentialId)) return user
  return { ...user, extra: new Map([...user.extra].filter(([key]) => key !== credentialId)) }
}

/** Keys that are Kubernetes' or ours never come from a provider (rule A16). */
function foreignKey(user: UserInfo): Refusal | undefined {
  const isForeign = [...user.extra.keys()].some((key) => {
    const domain = key.split('/')[0] ?? ''
    const isKubernetes = /(?:^|\.)(?:kubernetes|k8s)\.io$/.test(domain)
    return key.startsWith(ownExtraDomain) || (isKubernetes && key !== credentialId)
  })
  if (!isForeign) return undefined
  return refuse(403, 'identity_reserved', 'One of your attributes is reserved for the cluster.')
}

function actingAs(
  request: AdmittedRequest,
  identity: Identity,
  user: UserInfo,
  target: UserInfo,
  policy: ImpersonationPolicy,
): ForwardIfAllowed | Refusal {
  const fault = unrepresentable(target, policy)
  if (fault)
    return refuse(400, 'impersonation_malformed', `As whom you want to act: ${fault.message}`)
  const questions = nestedQuestions(user, target)
  if (questions.length > maxQuestions) {
    return refuse(403, 'impersonation_denied', 'Impersonation of so many groups is not reviewed.')
  }
  const extra = new Map([...target.extra, [originalUserKey, [originalUserValue(user)]]])
  const nested = { ...target, extra }
  const bounded = boundedLines(nested, policy)
  if (bounded.kind === 'refused') return bounded
  const impersonation = bounded.lines
  return {
    kind: 'forward-if-allowed',
    questions,
    forward: { kind: 'forward', request, identity, user: nested, impersonation },
  }
}

interface BoundedLines {
  readonly kind: 'lines'
  readonly lines: readonly HeaderLine[]
}

function boundedLines(user: UserInfo, policy: ImpersonationPolicy): BoundedLines | Refusal {
  const lines = impersonationLines(user)
  const bytes = lines.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  if (bytes > policy.maxHeaderBytes) {
    return refuse(
      403,
      'identity_unrepresentable',
      'Your groups and attributes do not fit in a request.',
    )
  }
  return { kind: 'lines', lines }
}
