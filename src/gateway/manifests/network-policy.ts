import type { Installation } from './installation.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { namespaced, podLabels } from './metadata.ts'

/** Where API servers listen behind the address of their Service. */
const apiServerPorts = [443, 6443]

/**
 * Who may connect, and where the gateway connects to. Addresses of the API server and of providers are
 * not known to a policy, so what goes out is limited by ports. (kubelet reaches its probes in any case.)
 */
export function networkPolicyObject(installation: Installation): KubernetesObject {
  const { configuration, monitoringNamespace } = installation
  const { listen, operations } = configuration.gateway
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: namespaced(installation),
    spec: {
      podSelector: { matchLabels: podLabels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { ports: [tcp(listen.port)] },
        {
          from: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': monitoringNamespace },
              },
            },
          ],
          ports: [tcp(operations.port)],
        },
      ],
      egress: [{ ports: [{ port: 53, protocol: 'UDP' }, ...outgoingPorts(installation).map(tcp)] }],
    },
  }
}

/** Names over TCP, the API server, and each provider. */
function outgoingPorts({ configuration: { gateway, authentication } }: Installation): number[] {
  const { upstream } = gateway
  const urls = [
    ...(upstream.kind === 'files' ? [upstream.server] : []),
    ...authentication.jwt.flatMap(({ issuer }) => [issuer.url, issuer.discoveryURL ?? issuer.url]),
  ]
  const ports = urls.map((url) => Number(new URL(url).port) || 443)
  return [...new Set([53, ...apiServerPorts, ...ports])]
}

function tcp(port: number) {
  return { port, protocol: 'TCP' }
}
