import type { UserInfo } from '../identity/index.ts'
import type { Upstream } from '../upstream/index.ts'
import { fieldOf } from './field.ts'
import { createGate } from './gate.ts'
import { type OwnAnswer, ownRequest } from './own-request.ts'
import type { AccessQuestion, Reviewer } from './reviewer.ts'

/**
 * Asks by SubjectAccessReview. Only an answer that says `allowed: true` and no `denied: true` is a yes;
 * an answer that cannot be read is an error, which is not a yes either.
 */
export function createReviewer(upstream: Upstream): Reviewer {
  const gate = createGate(maxConcurrent)
  return {
    async isAllowed(question, signal) {
      await gate.enter(signal)
      try {
        const body = reviewOf(question)
        return readVerdict(await ownRequest(upstream, { path: reviews, body }, signal))
      } finally {
        gate.leave()
      }
    },
  }
}

const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews'

/** How many reviews are under way at most: one request may need a thousand, and others go on meanwhile. */
const maxConcurrent = 50

function readVerdict({ status, json }: OwnAnswer): boolean {
  const allowed = fieldOf(json, 'status', 'allowed')
  const denied = fieldOf(json, 'status', 'denied') ?? false
  const isReview =
    (status === 200 || status === 201) && fieldOf(json, 'kind') === 'SubjectAccessReview'
  if (!isReview || typeof allowed !== 'boolean' || typeof denied !== 'boolean') {
    throw new Error(`the API server answered a SubjectAccessReview with ${status}`)
  }
  return allowed && !denied
}

function reviewOf(question: AccessQuestion): unknown {
  const { user, ...attributes } = question
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { ...subjectOf(user), resourceAttributes: attributes },
  }
}

/**
 * The whole user: rules may depend on groups, uid and extra (rule A21). `system:authenticated` is added
 * as the API server adds it to whoever is authenticated.
 */
function subjectOf({ username, uid, groups, extra }: UserInfo): Record<string, unknown> {
  return {
    user: username,
    groups: [...new Set([...groups, 'system:authenticated'])],
    ...(uid === '' ? {} : { uid }),
    ...(extra.size === 0 ? {} : { extra: Object.fromEntries(extra) }),
  }
}
