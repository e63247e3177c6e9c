import type { Installation } from './installation.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { labels, namespaced } from './metadata.ts'

/**
 * The namespace of the gateway, and of nothing else: whoever may create pods or read secrets there can be
 * any user of the cluster. Pods with more privileges than the gateway needs are refused in it.
 */
export function namespaceObject({ namespace }: Installation): KubernetesObject {
  const level = 'restricted'
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        ...labels,
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/warn': level,
      },
    },
  }
}

/** Who the pods are. No token is mounted by itself: the Deployment names the one that it needs. */
export function serviceAccountObject(installation: Installation): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: namespaced(installation),
    automountServiceAccountToken: false,
  }
}
