import type { KubeconfigFacts, PluginCall } from '../doctor/index.ts'
import { OidcLoginError } from '../errors.ts'
import {
  type ClusterEntry,
  chooseContext,
  type Kubeconfig,
  kubeconfigFiles,
  readKubeconfig,
  type UserEntry,
} from '../kubeconfig/index.ts'
import type { SessionIdentity } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { entryOptions, isGetTokenCall } from './entry-call.ts'
import type { OptionValues } from './given-options.ts'
import { contextsOf } from './kubeconfig-users.ts'
import { layeredOptions } from './layered-options.ts'
import { signInSettings } from './sign-in-settings.ts'

/** What the kubeconfig says, and the options that follow from it. */
export interface ReadEntry {
  readonly kubeconfig: KubeconfigFacts
  readonly options: OptionValues
}

/** Reads the kubeconfig, and the options of the entry that is examined. It never fails. */
export function readEntry(system: System, given: OptionValues): ReadEntry {
  const files = readFiles(system, given.text('kubeconfig'))
  if (files.kind !== 'read') return { kubeconfig: files, options: given }
  const chosen = chooseContext(files.kubeconfig, given.text('context'))
  const user = chosen.kind === 'found' ? chosen.user : undefined
  const { call, options } = readCall(system, user, given)
  // Another provider on the command line has nothing to do with the entry.
  const isNamed = ['oidc-issuer-url', 'oidc-client-id'].some(
    (name) => given.sourceOf(name) === 'command line',
  )
  return {
    kubeconfig: { ...files, chosen, call },
    options: isNamed || options === undefined ? given : layeredOptions(given, options),
  }
}

/**
 * The cluster that gets the token of a session: that of the chosen context when its user uses the
 * session or when the context was asked for, else that of the first context whose user does.
 */
export function clusterOf(
  facts: KubeconfigFacts,
  asked: string | undefined,
  identity: SessionIdentity | undefined,
): ClusterEntry | undefined {
  if (facts.kind !== 'read' || identity === undefined) return undefined
  const { kubeconfig, chosen } = facts
  const users = contextsOf(kubeconfig, identity)
  const isChosen =
    chosen.kind === 'found' && (asked !== undefined || users.includes(chosen.context.name))
  if (isChosen) return chosen.cluster
  const [first] = users
  const other = first === undefined ? undefined : chooseContext(kubeconfig, first)
  return other?.kind === 'found' ? other.cluster : undefined
}

type Files =
  | Exclude<KubeconfigFacts, { kind: 'read' }>
  | { readonly kind: 'read'; readonly path: string; readonly kubeconfig: Kubeconfig }

function readFiles(system: System, given: string | undefined): Files {
  try {
    const files = kubeconfigFiles(system, given)
    const path = files.paths.join(', ')
    const isThere = files.paths.some((one) => system.files.modifiedAt(one) !== undefined)
    if (!isThere) return { kind: 'missing', path }
    return { kind: 'read', path, kubeconfig: readKubeconfig(system, files) }
  } catch (error) {
    if (error instanceof OidcLoginError) return { kind: 'unreadable', error }
    throw error
  }
}

interface Call {
  readonly call: PluginCall
  /** The entry's own options, where they can be used. */
  readonly options?: OptionValues
}

function readCall(system: System, user: UserEntry | undefined, given: OptionValues): Call {
  const { exec } = user ?? {}
  if (exec === undefined || !isGetTokenCall(exec)) return { call: { kind: 'none' } }
  try {
    const options = entryOptions(exec, { isStrict: true })
    const person = { mayAsk: true, mayReadTerminal: false }
    const settings = signInSettings(system, layeredOptions(given, options), person)
    const { issuer, clientId } = settings.provider
    const needsTyping =
      settings.grantType === 'authcode-keyboard' ||
      (settings.grantType === 'password' &&
        (settings.username === undefined || settings.password === undefined))
    return { call: { kind: 'accepted', issuer, clientId, needsTyping }, options }
  } catch (error) {
    if (error instanceof OidcLoginError) return { call: { kind: 'refused', error } }
    throw error
  }
}
