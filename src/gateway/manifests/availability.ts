import { gatewayName, type Installation } from './installation.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { namespaced, podLabels } from './metadata.ts'

/** Nodes are drained one pod of the gateway after the other. */
export function disruptionBudgetObject(installation: Installation): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: namespaced(installation),
    spec: { maxUnavailable: 1, selector: { matchLabels: podLabels } },
  }
}

/**
 * More pods when each uses more than half a core or half a gibibyte, which is twice what it asks for: silent watches are
 * seen in the memory alone (`docs/scaling.md`). A pod is taken away only after ten quiet minutes, and one at a time: its
 * watches and streams have to find another one.
 */
export function autoscalerObjects(installation: Installation): readonly KubernetesObject[] {
  const { replicas, maxReplicas } = installation
  if (maxReplicas <= replicas) return []
  return [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: namespaced(installation),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: gatewayName },
        minReplicas: replicas,
        maxReplicas,
        metrics: ['cpu', 'memory'].map((name) => ({
          type: 'Resource',
          resource: { name, target: { type: 'Utilization', averageUtilization: 200 } },
        })),
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 600,
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
          },
        },
      },
    },
  ]
}
