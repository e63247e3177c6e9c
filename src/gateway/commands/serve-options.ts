import type { GatewayOption } from './command-spec.ts'

/** Options of `serve`: a configuration file, or the small case by options alone. */
export const serveOptions: readonly GatewayOption[] = [
  {
    name: 'config',
    placeholder: 'file',
    description: 'GatewayConfiguration; without it the options below say the essentials',
  },
  {
    name: 'authentication-config',
    placeholder: 'file',
    description: 'AuthenticationConfiguration, as kube-apiserver takes it',
  },
  { name: 'listen', placeholder: 'host:port', description: 'where clients connect' },
  { name: 'tls-cert', placeholder: 'file', description: 'certificate that clients see' },
  { name: 'tls-key', placeholder: 'file', description: 'its key' },
  {
    name: 'upstream',
    placeholder: 'url',
    description: 'API server; in a pod it is found by itself',
  },
  { name: 'upstream-ca', placeholder: 'file', description: 'authority of its certificate' },
  {
    name: 'upstream-token-file',
    placeholder: 'file',
    description: 'ServiceAccount token of the gateway',
  },
  { name: 'upstream-client-cert', placeholder: 'file', description: 'or its client certificate' },
  { name: 'upstream-client-key', placeholder: 'file', description: 'and the key of that' },
  {
    name: 'kubeconfig',
    placeholder: 'file',
    description: 'or a kubeconfig that says all about the API server',
  },
  {
    name: 'context',
    placeholder: 'name',
    description: 'context of the kubeconfig, default the current one',
  },
  {
    name: 'operations-listen',
    placeholder: 'host:port',
    description: 'where probes and metrics are',
  },
  { name: 'check', description: 'check the configuration and its files, and exit' },
]
