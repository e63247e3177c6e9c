import { OidcLoginError } from '../../errors.ts'
import type { Right } from './right.ts'

/**
 * The `spec` of a SelfSubjectAccessReview that asks whether whoever sends it has a right.
 *
 * @param namespace where; the whole cluster by default
 */
export function accessReviewSpec(right: Right, namespace?: string): unknown {
  if (right.kind === 'path') {
    return { nonResourceAttributes: { verb: right.verb, path: right.path } }
  }
  const [resource, ...rest] = right.resource.split('/')
  const { verb, group, name } = right
  return {
    resourceAttributes: {
      verb,
      group,
      resource,
      ...(rest.length > 0 ? { subresource: rest.join('/') } : {}),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    },
  }
}

/**
 * What the API server answers to it.
 *
 * @throws OidcLoginError `api_server_response_invalid`
 */
export function isAllowedBy({
  status,
  json,
}: {
  readonly status: number
  readonly json: unknown
}): boolean {
  const { allowed } = Object(Object(json).status)
  if (typeof allowed === 'boolean') return allowed
  throw new OidcLoginError(
    'api_server_response_invalid',
    `The API server answers a SelfSubjectAccessReview with ${status}.`,
    { hint: 'Every authenticated user may create one (ClusterRole system:basic-user).' },
  )
}
