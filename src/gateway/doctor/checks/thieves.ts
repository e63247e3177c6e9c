import { type Check, ok, skipped, warning } from '../../../findings/index.ts'
import { printable } from '../../../printable.ts'
import { renewalOf } from '../../config/index.ts'
import type { ApiClient } from '../api-client.ts'
import type { DoctorContext } from '../context.ts'
import { type RbacObjects, thieves } from '../rbac.ts'

const group = '/apis/rbac.authorization.k8s.io/v1'

/** Who else could get at the gateway's credential? Whoever does can be any user of the cluster. */
export const thievesCheck: Check<DoctorContext> = {
  name: 'thieves',
  needs: ['api-server'],
  async run(context) {
    const { serviceAccount } = await context.self()
    const { namespace } = serviceAccount ?? renewalOf(context.loaded().gateway)?.secret ?? {}
    if (namespace === undefined) {
      return skipped(
        'The gateway is no ServiceAccount. Whoever can read the file of its token or key can be any user of the cluster.',
      )
    }
    const objects = await rbacOf(context.api(), namespace)
    if (!objects) {
      return skipped(
        `The gateway may not read RBAC, as it should be. Whoever may create pods, read secrets or create serviceaccounts/token in "${namespace}" can be any user of the cluster. As an administrator look at: kubectl -n ${namespace} get rolebindings -o wide; kubectl get clusterrolebindings -o wide`,
      )
    }
    const found = thieves(objects)
    if (found.length === 0) return ok(`Nobody but Kubernetes itself, in "${namespace}".`)
    return warning(
      `In "${namespace}" others can get at the credential of the gateway, and with it be any user:`,
      undefined,
      found.map((line) => printable(line, 300)),
    )
  },
}

async function rbacOf(api: ApiClient, namespace: string): Promise<RbacObjects | undefined> {
  const [clusterRoles, clusterRoleBindings, roles, roleBindings] = await Promise.all([
    itemsOf(api, `${group}/clusterroles`),
    itemsOf(api, `${group}/clusterrolebindings`),
    itemsOf(api, `${group}/namespaces/${namespace}/roles`),
    itemsOf(api, `${group}/namespaces/${namespace}/rolebindings`),
  ])
  if (!clusterRoles || !clusterRoleBindings || !roles || !roleBindings) return undefined
  return { clusterRoles, clusterRoleBindings, roles, roleBindings }
}

async function itemsOf(api: ApiClient, path: string): Promise<readonly unknown[] | undefined> {
  const { status, json } = await api.get(path)
  const { items } = Object(json)
  return status === 200 && Array.isArray(items) ? items : undefined
}
