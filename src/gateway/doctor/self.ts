import { OidcLoginError } from '../../errors.ts'
import type { ApiClient } from './api-client.ts'
import type { Self } from './context.ts'

/**
 * Asks the API server who the gateway is.
 *
 * @throws OidcLoginError `token_not_accepted`, `api_server_response_invalid`
 */
export async function askSelf(api: ApiClient): Promise<Self> {
  const { status, json } = await api.review('authentication.k8s.io', 'SelfSubjectReview')
  if (status === 401) {
    throw new OidcLoginError(
      'token_not_accepted',
      'The API server does not accept the credential of the gateway.',
      {
        hint: 'Check upstream.tokenFile, or upstream.certFile and keyFile: is it this cluster that has issued it?',
      },
    )
  }
  const { username, groups = [] } = Object(Object(Object(json).status).userInfo)
  if (typeof username !== 'string' || !Array.isArray(groups)) {
    throw new OidcLoginError(
      'api_server_response_invalid',
      `The API server answers a SelfSubjectReview with ${status}.`,
      {
        hint: 'Every authenticated user may create one (ClusterRole system:basic-user); it needs Kubernetes 1.28.',
      },
    )
  }
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? []
  return {
    username,
    groups: groups.map(String),
    serviceAccount: namespace && name ? { namespace, name } : undefined,
  }
}
