import type { KubeconfigChange } from '../kubeconfig/index.ts'
import type { ExecCall } from './plugin-call.ts'

/** The version in which kubectl 1.22 and newer speak to a credential plugin. */
export const credentialApiVersion = 'client.authentication.k8s.io/v1'

/** kubectl lets the plugin ask on a terminal, and runs it where there is none, too. */
export const interactiveMode = 'IfAvailable'

/** The change of a kubeconfig that lets a user sign in with the plugin. */
export function execChange(user: string, { command, args, env }: ExecCall): KubeconfigChange {
  const variables = Object.entries(env ?? {}).map(([name, value]) => ({ name, value }))
  return {
    list: 'users',
    name: user,
    fields: {
      'auth-provider': undefined,
      exec: {
        apiVersion: credentialApiVersion,
        command,
        args,
        ...(variables.length > 0 ? { env: variables } : {}),
        interactiveMode,
      },
    },
  }
}
