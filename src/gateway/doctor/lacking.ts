import { accessReviewSpec, isAllowedBy, type Right } from '../rights/index.ts'
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
  namespace?: string,
): Promise<readonly Right[]> {
  const answers = await Promise.all(rights.map(async (right) => await mayI(api, right, namespace)))
  return rights.filter((_, index) => !answers[index])
}

async function mayI(api: ApiClient, right: Right, namespace?: string): Promise<boolean> {
  const spec = accessReviewSpec(right, namespace)
  return isAllowedBy(await api.review('authorization.k8s.io', 'SelfSubjectAccessReview', spec))
}
