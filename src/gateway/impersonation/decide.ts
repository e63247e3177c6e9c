import type { Identity, UserInfo } from '../identity/index.ts'
import type { AccessQuestion } from '../kubernetes/index.ts'
import { type AdmittedRequest, type Refusal, refuse } from '../request/index.ts'
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
  const user = ownUser(identity.user, policy)
  // Reserved groups first: they would count in the questions about somebody else (rule A13).
  const refusal = reservedRefusal(user, policy) ?? unrepresentable(user, policy) ?? foreignKey(user)
  if (refusal) return refusal
  if (request.impersonation.length === 0) return forward(request, identity, user, policy)
  if (policy.nested === 'deny') {
    return refuse(403, 'impersonation_denied', 'This gateway does not allow impersonation (--as).')
  }
  const nested = nestedUser(request.impersonation)
  if (nested.kind === 'refused') return nested
  return actingAs(request, identity, user, nested.user, policy)
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
  const forwarded = forward(request, identity, { ...target, extra }, policy)
  if (forwarded.kind === 'refused') return forwarded
  return { kind: 'forward-if-allowed', questions, forward: forwarded }
}

function forward(
  request: AdmittedRequest,
  identity: Identity,
  user: UserInfo,
  policy: ImpersonationPolicy,
): Forward | Refusal {
  const impersonation = impersonationLines(user)
  const bytes = impersonation.reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    0,
  )
  if (bytes > policy.maxHeaderBytes) {
    return refuse(
      403,
      'identity_unrepresentable',
      'Your groups and attributes do not fit in a request.',
    )
  }
  return { kind: 'forward', request, identity, user, impersonation }
}
