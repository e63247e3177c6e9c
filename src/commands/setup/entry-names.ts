import { OidcLoginError } from '../../errors.ts'
import type { ContextEntry, Kubeconfig } from '../../kubeconfig/index.ts'
import type { Onboarding } from '../../onboarding/index.ts'
import { printable } from '../../printable.ts'
import type { SessionIdentity } from '../../session/index.ts'
import type { OptionValues } from '../given-options.ts'
import { pluginUsers } from '../kubeconfig-users.ts'

/** The names of the entries of a kubeconfig that belong together. */
export interface EntryNames {
  readonly user: string
  /** Undefined when no cluster is known; then there is no context, either. */
  readonly cluster: string | undefined
  readonly context: string | undefined
}

/**
 * Chooses the entries for a provider: the user who signs in there already, else `oidc`, or the like
 * when that is somebody else; the cluster of the context that is named, else of the current one.
 * Nobody's way to sign in is overwritten by another one.
 *
 * @throws OidcLoginError `usage_invalid` when a name is taken, or a cluster is not there
 */
export function namesForProvider(
  kubeconfig: Kubeconfig,
  identity: SessionIdentity,
  options: OptionValues,
): EntryNames {
  const user = options.text('user') ?? defaultUser(kubeconfig, identity)
  checkUser(kubeconfig, user)
  const given = options.text('context')
  const from =
    contextNamed(kubeconfig, given) ?? contextNamed(kubeconfig, kubeconfig.currentContext)
  const cluster = options.text('cluster') ?? from?.cluster
  if (cluster === undefined) return { user, cluster, context: undefined }
  if (!kubeconfig.clusters.some(({ name }) => name === cluster)) {
    throw invalid(
      `The kubeconfig has no cluster "${printable(cluster)}".`,
      'Give the name of one with --cluster; "kubectl config get-clusters" lists them.',
    )
  }
  const same = kubeconfig.contexts.find((one) => one.cluster === cluster && one.user === user)
  const context = given ?? same?.name ?? `${user}@${cluster}`
  if (given === undefined) checkContext(kubeconfig, { context, cluster, user })
  return { user, cluster, context }
}

/**
 * Chooses the entries for a cluster that its server has described. An entry that means another
 * cluster, or another user of it, is not touched unless it is named.
 *
 * @throws OidcLoginError `usage_invalid` when a name is taken
 */
export function namesForCluster(
  kubeconfig: Kubeconfig,
  onboarding: Onboarding,
  options: OptionValues,
): EntryNames & { readonly cluster: string; readonly context: string } {
  const cluster = options.text('cluster') ?? onboarding.clusterName
  const entry = kubeconfig.clusters.find(({ name }) => name === cluster)
  if (entry?.server !== undefined && !isServer(entry.server, onboarding.server)) {
    throw invalid(
      `The kubeconfig has another cluster "${printable(cluster)}" (${printable(entry.server)}).`,
      'Give this one another name with --cluster.',
    )
  }
  const user = options.text('user') ?? `oidc-${cluster}`
  checkUser(kubeconfig, user)
  const context = options.text('context') ?? cluster
  if (options.text('context') === undefined) checkContext(kubeconfig, { context, cluster, user })
  return { user, cluster, context }
}

function isServer(one: string, other: string): boolean {
  return one.replace(/\/+$/, '') === other
}

function defaultUser(kubeconfig: Kubeconfig, identity: SessionIdentity): string {
  const users = pluginUsers(kubeconfig)
  const same = users.find(
    (one) =>
      one.identity.issuer === identity.issuer &&
      one.identity.clientId === identity.clientId &&
      one.identity.profile === identity.profile,
  )
  if (same) return same.name
  const short = identity.profile === undefined ? 'oidc' : `oidc-${identity.profile}`
  const isTaken = kubeconfig.users.some(({ name }) => name === short)
  return isTaken ? `${short}@${hostOf(identity.issuer)}` : short
}

function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer
}

/** Whoever signs in by a certificate, a token or another program must not lose that way. */
function checkUser(kubeconfig: Kubeconfig, name: string): void {
  const entry = kubeconfig.users.find((user) => user.name === name)
  if (entry === undefined || entry.fields.length === 0) return
  if (pluginUsers(kubeconfig).some((user) => user.name === name)) return
  throw invalid(
    `The user "${printable(name)}" of the kubeconfig signs in another way (${printable(entry.fields.join(', '))}).`,
    entry.authProvider?.name === 'oidc'
      ? 'Convert it: kubectl oidc-login setup --from-auth-provider'
      : 'Give another name with --user.',
  )
}

function checkContext(
  kubeconfig: Kubeconfig,
  { context, cluster, user }: { context: string; cluster: string; user: string },
): void {
  const entry = contextNamed(kubeconfig, context)
  if (entry === undefined || (entry.cluster === cluster && entry.user === user)) return
  throw invalid(
    `The kubeconfig has another context "${printable(context)}" (cluster ${printable(entry.cluster ?? '')}, user ${printable(entry.user ?? '')}).`,
    `Give a new name with --context, or --context=${printable(context)} to change that one.`,
  )
}

function contextNamed(
  { contexts }: Kubeconfig,
  name: string | undefined,
): ContextEntry | undefined {
  return contexts.find((context) => context.name === name)
}

function invalid(message: string, hint: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', message, { hint })
}
