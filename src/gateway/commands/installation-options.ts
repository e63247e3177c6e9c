import type { GatewayOption } from './command-spec.ts'

/** What is installed: options of `manifests`, and of every command that installs. */
export const installationOptions: readonly GatewayOption[] = [
  {
    name: 'config',
    placeholder: 'file',
    description:
      'GatewayConfiguration; comments stay, and file names become those that the pod has',
  },
  {
    name: 'authentication-config',
    placeholder: 'file',
    description: 'AuthenticationConfiguration, as kube-apiserver takes it; enough by itself',
  },
  {
    name: 'image',
    placeholder: 'name',
    description: 'image of the gateway, with tag or digest',
  },
  {
    name: 'namespace',
    placeholder: 'name',
    byDefault: 'oidc-gateway',
    description: 'where it is installed; nothing else should be there',
  },
  {
    name: 'credential',
    placeholder: 'kind',
    choices: ['token', 'certificate'],
    byDefault: 'token',
    description:
      'by what it proves itself to the API server: the token of its ServiceAccount, or a client certificate in the Secret oidc-gateway-credential',
  },
  {
    name: 'renewal',
    placeholder: 'who',
    choices: ['gateway', 'external'],
    byDefault: 'gateway',
    description: 'who asks for the next client certificate',
  },
  {
    name: 'impersonation',
    placeholder: 'mode',
    choices: ['constrained', 'classic'],
    byDefault: 'constrained',
    description:
      'its right in the cluster: constrained (Kubernetes 1.36 and newer, where the API server then refuses system:masters by itself), or classic',
  },
  {
    name: 'tls-secret',
    placeholder: 'name',
    byDefault: 'oidc-gateway-tls',
    description: 'Secret (kubernetes.io/tls) with the certificate that clients see',
  },
  {
    name: 'replicas',
    placeholder: 'number',
    byDefault: '2',
    description: 'how many pods run at least',
  },
  {
    name: 'max-replicas',
    placeholder: 'number',
    byDefault: '6',
    description: 'how many there may be under load; as many as --replicas for no autoscaler',
  },
  {
    name: 'service-type',
    placeholder: 'type',
    choices: ['LoadBalancer', 'NodePort', 'ClusterIP'],
    byDefault: 'LoadBalancer',
    description: 'how clients reach it',
  },
  {
    name: 'service-monitor',
    description: 'with a ServiceMonitor for the Prometheus operator',
  },
  {
    name: 'monitoring-namespace',
    placeholder: 'name',
    byDefault: 'monitoring',
    description: 'namespace of the Prometheus that may reach the metrics',
  },
]
