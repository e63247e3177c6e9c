import type { ObjectName } from '../cluster/index.ts'
import {
  clusterWideName,
  credentialSecretName,
  gatewayName,
  installationObjects,
  type KubernetesObject,
} from '../manifests/index.ts'
import type { ImpersonationMode } from '../rights/index.ts'
import type { InitSettings } from './settings.ts'

/** The Secret for certificate files of the operator, when no other one is named. */
export const servingSecretName = 'oidc-gateway-tls'

/** Says who has made a namespace: only that one is deleted again. */
export const createdBy: Readonly<Record<string, string>> = { 'oidc-gateway/created-by': 'init' }

/** Kinds of objects that a gateway needs that runs elsewhere. */
const kindsOfElsewhere: ReadonlySet<string> = new Set([
  'Namespace',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
])

/** The objects of an installation, in the order in which they are applied. */
export function objectsOf(
  { installation, credentialFolder }: InitSettings,
  mode: ImpersonationMode,
): readonly KubernetesObject[] {
  const objects = installationObjects({ ...installation, mode }).map((object) =>
    object.kind === 'Namespace'
      ? { ...object, metadata: { ...object.metadata, annotations: createdBy } }
      : object,
  )
  return credentialFolder === undefined
    ? objects
    : objects.filter(({ kind }) => kindsOfElsewhere.has(kind))
}

/** First part of the names of the certificate requests of an installation. */
export function requestPrefix(namespace: string): string {
  return `${gatewayName}-${namespace}`
}

const rbac = 'rbac.authorization.k8s.io/v1'

/**
 * Every object that an installation in a namespace may have left, in the order in which they are taken
 * away: what grants rights before all else. The namespace is not among them.
 */
export function possibleObjects(namespace: string): readonly ObjectName[] {
  const wide = clusterWideName(namespace)
  const inside = (apiVersion: string, kind: string, name: string = gatewayName): ObjectName => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
  })
  return [
    ...[wide, `${wide}:renewal`].flatMap((name) => [
      { apiVersion: rbac, kind: 'ClusterRoleBinding', metadata: { name } },
      { apiVersion: rbac, kind: 'ClusterRole', metadata: { name } },
    ]),
    inside(rbac, 'RoleBinding', `${gatewayName}-renewal`),
    inside(rbac, 'Role', `${gatewayName}-renewal`),
    inside('v1', 'ServiceAccount'),
    inside('v1', 'Secret', credentialSecretName),
    inside('monitoring.coreos.com/v1', 'ServiceMonitor', `${gatewayName}-operations`),
    inside('autoscaling/v2', 'HorizontalPodAutoscaler'),
    inside('apps/v1', 'Deployment'),
    inside('policy/v1', 'PodDisruptionBudget'),
    inside('v1', 'Service', `${gatewayName}-operations`),
    inside('v1', 'Service'),
    inside('networking.k8s.io/v1', 'NetworkPolicy'),
    inside('v1', 'ConfigMap'),
    inside('v1', 'Secret', servingSecretName),
  ]
}
