import { renewalOf } from '../config/index.ts'
import { neededRights, type Right, renewalRights, rulesOf } from '../rights/index.ts'
import { certificateUser, gatewayName, type Installation } from './installation.ts'
import type { KubernetesObject, ObjectMetadata } from './kubernetes-object.ts'
import { clusterWide, namespaced } from './metadata.ts'

const apiGroup = 'rbac.authorization.k8s.io'
const apiVersion = `${apiGroup}/v1`

/** What the gateway may do, which is impersonation as its configuration needs it, and its binding. */
export function impersonationObjects(installation: Installation): readonly KubernetesObject[] {
  const { configuration, mode } = installation
  return granted(installation, clusterWide(installation), neededRights(configuration, mode))
}

/** What a gateway may do that renews its own certificate: ask for one, and replace one Secret. */
export function renewalObjects(installation: Installation): readonly KubernetesObject[] {
  const renewal = renewalOf(installation.configuration.gateway)
  if (renewal === undefined) return []
  const { cluster, namespace } = renewalRights(renewal)
  return [
    ...granted(installation, clusterWide(installation, ':renewal'), cluster),
    ...granted(installation, namespaced(installation, `${gatewayName}-renewal`), namespace),
  ]
}

/** A role with these rights and its binding to the gateway, in a namespace where the metadata name one. */
function granted(
  installation: Installation,
  metadata: ObjectMetadata,
  rights: readonly Right[],
): readonly KubernetesObject[] {
  const role = metadata.namespace === undefined ? 'ClusterRole' : 'Role'
  return [
    { apiVersion, kind: role, metadata, rules: rulesOf(rights) },
    {
      apiVersion,
      kind: `${role}Binding`,
      metadata,
      roleRef: { apiGroup, kind: role, name: metadata.name },
      subjects: [subjectOf(installation)],
    },
  ]
}

function subjectOf({ credential, namespace }: Installation): unknown {
  return credential.kind === 'token'
    ? { kind: 'ServiceAccount', name: gatewayName, namespace }
    : { apiGroup, kind: 'User', name: certificateUser(namespace) }
}
