import type { GatewayCommand } from './command-spec.ts'

/** All commands of the gateway. Each loads what it needs when it is called. */
export const commandTable: readonly GatewayCommand[] = [
  {
    name: 'version',
    summary: 'print the version',
    options: [
      {
        name: 'output',
        placeholder: 'format',
        choices: ['text', 'json'],
        byDefault: 'text',
        description: 'format',
      },
    ],
    examples: ['oidc-gateway version', 'oidc-gateway version --output=json'],
    run: async (system, options) => (await import('./version.ts')).printVersion(system, options),
  },
]
