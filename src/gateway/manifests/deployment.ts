import { gatewayName, type Installation, podFiles } from './installation.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { labels, namespaced, podLabels } from './metadata.ts'
import { volumesOf } from './volumes.ts'

/** Uid and gid of the process; any that is not root's will do, this is the one of distroless images. */
const user = 65_532

/** Left after the drain for what the process has to end. Seconds. */
const marginSeconds = 25

/** The pods of the gateway. They satisfy the restricted Pod Security Standard. */
export function deploymentObject(installation: Installation): KubernetesObject {
  const { replicas, maxReplicas } = installation
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespaced(installation),
    spec: {
      // An autoscaler owns the number; applying this again must not take it away.
      ...(maxReplicas > replicas ? {} : { replicas }),
      selector: { matchLabels: podLabels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: { metadata: { labels }, spec: podSpec(installation) },
    },
  }
}

function podSpec(installation: Installation): unknown {
  const { drainDelayMs, drainTimeoutMs } = installation.configuration.gateway.operations
  return {
    serviceAccountName: gatewayName,
    automountServiceAccountToken: false,
    // Links of the Service oidc-gateway would be variables OIDC_GATEWAY_…, which are options of the program.
    enableServiceLinks: false,
    terminationGracePeriodSeconds:
      Math.ceil((drainDelayMs + drainTimeoutMs) / 1000) + marginSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: podLabels },
      }),
    ),
    containers: [container(installation)],
    volumes: volumesOf(installation).map(({ volume }) => volume),
  }
}

function container(installation: Installation): unknown {
  const { listen, operations } = installation.configuration.gateway
  return {
    name: gatewayName,
    image: installation.image,
    args: ['serve', `--config=${podFiles.configuration}`],
    ports: [
      { name: 'https', containerPort: listen.port, protocol: 'TCP' },
      { name: 'operations', containerPort: operations.port, protocol: 'TCP' },
    ],
    livenessProbe: { ...probe('/livez'), periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, failureThreshold: 2 },
    resources: {
      requests: { cpu: '250m', memory: '256Mi' },
      // No limit of the processor: one that is throttled delays everybody's kubectl.
      limits: { memory: '1Gi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: volumesOf(installation).map(({ folder, volume }) => ({
      name: volume.name,
      mountPath: folder,
      readOnly: true,
    })),
  }
}

function probe(path: string) {
  return { httpGet: { path, port: 'operations' }, timeoutSeconds: 3 }
}
