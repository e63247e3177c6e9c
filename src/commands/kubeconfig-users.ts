import { Command } from 'commander'
import type { ExecEntry, Kubeconfig } from '../kubeconfig/index.ts'
import { type SessionIdentity, sessionKey } from '../session/index.ts'
import { getTokenOptions } from './get-token-options.ts'
import { sessionIdentity } from './identity.ts'
import { environmentVariable } from './option-spec.ts'
import { commonOptions } from './option-table.ts'
import { addOptions, type OptionValues, optionValues } from './options.ts'

/** A user of the kubeconfig who signs in with this plugin, or with int128/kubelogin. */
export interface PluginUser {
  readonly name: string
  /** The options of `get-token`, from its arguments and its environment variables. */
  readonly options: OptionValues
  /** Which session it uses. */
  readonly identity: SessionIdentity
}

/** The users of a kubeconfig whose `exec` is `get-token` with an issuer and a client. */
export function pluginUsers(kubeconfig: Kubeconfig): PluginUser[] {
  return kubeconfig.users.flatMap(({ name, exec }) => {
    const options = exec && getTokenCall(exec)
    if (!options?.text('oidc-issuer-url') || !options.text('oidc-client-id')) return []
    return [{ name, options, identity: sessionIdentity(options) }]
  })
}

/** The names of the contexts whose user uses a session. */
export function contextsOf(kubeconfig: Kubeconfig, identity: SessionIdentity): string[] {
  const { canonical } = sessionKey(identity)
  const users = new Set(
    pluginUsers(kubeconfig)
      .filter((user) => sessionKey(user.identity).canonical === canonical)
      .map(({ name }) => name),
  )
  return kubeconfig.contexts.filter(({ user }) => user && users.has(user)).map(({ name }) => name)
}

/** Reads the arguments as `get-token` would; what it would refuse is no call of it. */
function getTokenCall({ args, env }: ExecEntry): OptionValues | undefined {
  const at = args.indexOf('get-token')
  if (at < 0) return undefined
  const table = [...getTokenOptions, ...commonOptions]
  const command = addOptions(new Command(), table, {})
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  const ofEnvironment = table.flatMap((option) => {
    const value = env[environmentVariable(option)]
    return value ? [`--${option.name}=${value}`] : []
  })
  try {
    command.parse([...ofEnvironment, ...args.slice(at + 1)], { from: 'user' })
    return optionValues(command)
  } catch {
    return undefined
  }
}
