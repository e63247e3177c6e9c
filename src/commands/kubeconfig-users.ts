import type { ExecEntry, Kubeconfig } from '../kubeconfig/index.ts'
import { type SessionIdentity, sessionKey } from '../session/index.ts'
import { entryOptions } from './entry-call.ts'
import type { OptionValues } from './given-options.ts'
import { sessionIdentity } from './identity.ts'

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

/** What `get-token` would refuse is no call of it. */
function getTokenCall(exec: ExecEntry): OptionValues | undefined {
  if (!exec.args.includes('get-token')) return undefined
  try {
    return entryOptions(exec, { isStrict: false })
  } catch {
    return undefined
  }
}
