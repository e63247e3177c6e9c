import type { UserInfo } from '../identity/index.ts'
import type { Upstream } from '../upstream/index.ts'
import { fieldOf } from './field.ts'
import { ownRequest } from './own-request.ts'
import type { AccessQuestion, Reviewer } from './reviewer.ts'

/**
 * Asks by SubjectAccessReview. Only an answer that says `allowed: true` and no `denied: true` is a yes;
 * an answer that cannot be read is an error, which is not a yes either.
 */
export function createReviewer(upstream: Upstream): Reviewer {
  return {
    async isAllowed(question, signal) {
      const { status, json } = await ownRequest(
        upstream,
        { path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', body: reviewOf(question) },
        signal,
      )
      const isAllowed = fieldOf(json, 'status', 'allowed')
      if ((status !== 200 && status !== 201) || typeof isAllowed !== 'boolean') {
        throw new Error(`the API server answered a SubjectAccessReview with ${status}`)
      }
      return isAllowed && fieldOf(json, 'status', 'denied') !== true
    },
  }
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
