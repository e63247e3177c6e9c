import type { Configurations, ImpersonationMode } from '../rights/index.ts'

/** Everything that is decided before a gateway is installed in a cluster. */
export interface Installation {
  readonly namespace: string
  /** Of the container, with tag or digest. */
  readonly image: string
  /** How many pods run at least. */
  readonly replicas: number
  /** How many there may be under load; as many as {@link replicas} for no autoscaler. */
  readonly maxReplicas: number
  readonly credential: InstalledCredential
  /** How the API server lets the gateway impersonate. */
  readonly mode: ImpersonationMode
  readonly configuration: InstalledConfiguration
  /** Name of the Secret (`kubernetes.io/tls`) with the certificate that clients see. */
  readonly tlsSecretName: string
  readonly serviceType: 'LoadBalancer' | 'NodePort' | 'ClusterIP'
  /** Namespace of the Prometheus that may read the metrics. */
  readonly monitoringNamespace: string
  readonly wantsServiceMonitor: boolean
}

/** By what the gateway proves itself to the API server. */
export type InstalledCredential =
  | { readonly kind: 'token' }
  | {
      readonly kind: 'certificate'
      /** Whether the gateway itself asks for the next certificate and puts it into the Secret. */
      readonly isRenewed: boolean
    }

/** The configuration as the pod will read it: the text, and what it says. */
export interface InstalledConfiguration extends Configurations {
  /** Both documents. */
  readonly text: string
}

/** Name of every object in the namespace of the gateway, and of its container. */
export const gatewayName = 'oidc-gateway'

/** Where the pod finds its files. */
export const podFiles = {
  configuration: '/etc/oidc-gateway/config/gateway.yaml',
  servingCertificate: '/etc/oidc-gateway/tls/tls.crt',
  servingKey: '/etc/oidc-gateway/tls/tls.key',
  clusterAuthority: '/etc/oidc-gateway/kubernetes/ca.crt',
  token: '/etc/oidc-gateway/kubernetes/token',
  clientCertificate: '/etc/oidc-gateway/kubernetes/tls.crt',
  clientKey: '/etc/oidc-gateway/kubernetes/tls.key',
} as const

/** Name of the Secret (`kubernetes.io/tls`) with the client certificate of the gateway. */
export const credentialSecretName = 'oidc-gateway-credential'

/**
 * Who a gateway with a client certificate is: the common name of its certificate and the subject of its
 * binding. It must never begin with `system:`.
 */
export function certificateUser(namespace: string): string {
  return `oidc-gateway:${namespace}:${gatewayName}`
}

/** Name of what the gateway owns in the whole cluster, where there may be several gateways. */
export function clusterWideName(namespace: string): string {
  return `${gatewayName}:${namespace}`
}
