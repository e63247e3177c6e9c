import { OidcLoginError } from '../../errors.ts'
import type { Right } from '../rights/index.ts'
import type { ApiClient } from './api-client.ts'

/**
 * Which of these rights the gateway does not have (SelfSubjectAccessReview).
 *
 * @param namespace where; the whole cluster by default
 * @throws OidcLoginError `api_server_response_invalid`
 */
export async function lacking(
  api: ApiClient,
  rights: readonly Right[],
  namespace = '',
): Promise<readonly Right[]> {
  const answers = await Promise.all(rights.map(async (right) => await mayI(api, right, namespace)))
  return rights.filter((_, index) => !answers[index])
}

/** Whether the gateway may do something. @param namespace where; the whole cluster by default */
export async function mayI(api: ApiClient, right: Right, namespace = ''): Promise<boolean> {
  const { status, json } = await api.review(
    'authorization.k8s.io',
    'SelfSubjectAccessReview',
    specOf(right, namespace),
  )
  const { allowed } = Object(Object(json).status)
  if (typeof allowed === 'boolean') return allowed
  throw new OidcLoginError(
    'api_server_response_invalid',
    `The API server answers a SelfSubjectAccessReview with ${status}.`,
    { hint: 'Every authenticated user may create one (ClusterRole system:basic-user).' },
  )
}

function specOf(right: Right, namespace: string): unknown {
  if (right.kind === 'path') {
    return { nonResourceAttributes: { verb: right.verb, path: right.path } }
  }
  const at = right.resource.indexOf('/')
  const [resource, subresource] =
    at < 0
      ? [right.resource, undefined]
      : [right.resource.slice(0, at), right.resource.slice(at + 1)]
  const { verb, group } = right
  return {
    resourceAttributes: {
      verb,
      group,
      resource,
      ...(subresource === undefined ? {} : { subresource }),
      ...(namespace === '' ? {} : { namespace }),
      ...(right.name === undefined ? {} : { name: right.name }),
    },
  }
}
