import type { GatewayOption } from './command-spec.ts'

/** Options of `import`. */
export const importOptions: readonly GatewayOption[] = [
  {
    name: 'from',
    placeholder: 'what',
    choices: ['ambassador', 'kube-oidc-proxy', 'kube-apiserver'],
    byDefault: 'ambassador',
    description: 'what is imported: manifests of Ambassador Edge Stack, or flags after "--"',
  },
]
