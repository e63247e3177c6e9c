import type { GatewayOption } from './command-spec.ts'

/** How findings are printed, for `verify` and `doctor`. */
export const outputOption: GatewayOption = {
  name: 'output',
  placeholder: 'format',
  choices: ['text', 'json'],
  byDefault: 'text',
  description: 'how the findings are printed',
}

/** Options of `verify`. */
export const verifyOptions: readonly GatewayOption[] = [
  {
    name: 'server',
    placeholder: 'url',
    description: 'the gateway, https://HOST or https://HOST:PORT',
  },
  {
    name: 'certificate-authority',
    placeholder: 'file',
    description: 'authority of its certificate, beside those of the system',
  },
  {
    name: 'token-file',
    placeholder: 'file',
    description:
      'ID token of a person, or what "kubectl oidc-login get-token" printed; without it, the variable OIDC_GATEWAY_TOKEN',
  },
  {
    name: 'may',
    placeholder: 'access',
    isRepeatable: true,
    description: 'what this person may do (default "get /version")',
  },
  {
    name: 'may-not',
    placeholder: 'access',
    isRepeatable: true,
    description: 'what this person may not do (default "list secrets -n kube-system")',
  },
  {
    name: 'watch-seconds',
    placeholder: 'seconds',
    byDefault: '3',
    description: 'how long a watch has to last',
  },
  {
    name: 'pod',
    placeholder: 'namespace/name',
    description: 'a pod with "echo", to try exec; namespace/name/container for one container',
  },
  { name: 'port', placeholder: 'number', description: 'a port of that pod, to try port-forward' },
  outputOption,
]
