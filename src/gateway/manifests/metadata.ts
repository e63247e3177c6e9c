import { clusterWideName, gatewayName, type Installation } from './installation.ts'
import type { ObjectMetadata } from './kubernetes-object.ts'

/** Labels by which the pods of the gateway are found. They can never be changed in a Deployment. */
export const podLabels = {
  'app.kubernetes.io/name': gatewayName,
  'app.kubernetes.io/instance': gatewayName,
} as const

/** Labels of everything that belongs to the gateway. */
export const labels: Readonly<Record<string, string>> = {
  ...podLabels,
  'app.kubernetes.io/managed-by': gatewayName,
}

/** Metadata of an object in the namespace of the gateway. */
export function namespaced(
  { namespace }: Pick<Installation, 'namespace'>,
  name: string = gatewayName,
): ObjectMetadata {
  return { name, namespace, labels }
}

/** Metadata of an object of the whole cluster. */
export function clusterWide(
  { namespace }: Pick<Installation, 'namespace'>,
  suffix = '',
): ObjectMetadata {
  return { name: `${clusterWideName(namespace)}${suffix}`, labels }
}
