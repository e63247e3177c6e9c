import { noStore, type Session, type SessionIdentity } from '../../session/index.ts'
import {
  type ExecCall,
  execChange,
  pluginCall,
  rbacFor,
  setCredentialsCommand,
  shellWord,
} from '../../setup/index.ts'
import type { System } from '../../system/index.ts'
import type { CommandCall } from '../command-spec.ts'
import type { OptionValues } from '../given-options.ts'
import { sessionIdentity } from '../identity.ts'
import { sessionStore } from '../session-store.ts'
import { apiServerTrust, printApiServer, userOf } from './api-server.ts'
import { namesForProvider } from './entry-names.ts'
import { type GivenArguments, givenArguments, type Withheld } from './given-arguments.ts'
import { contextChanges, openKubeconfig, revise, showRevision } from './revise.ts'
import { notWritten, refuseSecrets } from './secrets.ts'
import { passedOnOptions } from './setup-options.ts'
import { showToken, signInNow } from './sign-in-now.ts'

/**
 * `setup`: signs in, and writes or prints what kubectl and the API server need for it. Without a
 * provider it shows its help, as int128/kubelogin does.
 *
 * @throws OidcLoginError what signing in and writing a kubeconfig throw, and `usage_invalid`
 */
export async function setup(
  system: System,
  options: OptionValues,
  { argument, showHelp }: CommandCall,
): Promise<void> {
  if (argument !== undefined) {
    return await (await import('./setup-from-server.ts')).setupFromServer(system, options, argument)
  }
  if (options.flag('from-auth-provider')) {
    return await (await import('./convert.ts')).convertAuthProvider(system, options)
  }
  const isProviderNamed = options.text('oidc-issuer-url') ?? options.text('oidc-client-id')
  if (isProviderNamed === undefined && !wanted.some((name) => options.flag(name))) {
    return showHelp()
  }
  await setupForProvider(system, options)
}

const wanted = ['write', 'dry-run', 'apiserver', 'rbac'] as const

async function setupForProvider(system: System, options: OptionValues): Promise<void> {
  const identity = sessionIdentity(options)
  const given = givenArguments(passedOnOptions, options)
  const call = await pluginCall(system, ['get-token', ...given.args])
  if (options.flag('write') || options.flag('dry-run')) {
    await writeForProvider(system, options, { identity, call, given })
    return
  }
  const session = await signInNow(system, options, noStore)
  showToken(system, session)
  if (options.flag('apiserver') || options.flag('rbac')) printFor(system, options, session)
  else system.terminal.stdout(guide(options.text('user') ?? 'oidc', call, given.withheld))
}

interface ProviderEntry {
  readonly identity: SessionIdentity
  readonly call: ExecCall
  readonly given: GivenArguments
}

async function writeForProvider(
  system: System,
  options: OptionValues,
  { identity, call, given: { withheld } }: ProviderEntry,
): Promise<void> {
  refuseSecrets(withheld)
  const kubeconfig = openKubeconfig(system, options)
  const names = namesForProvider(kubeconfig.contents, identity, options)
  const changes = [execChange(names.user, call), ...contextChanges(names)]
  if (options.flag('dry-run')) {
    showRevision(system, kubeconfig, changes)
    return
  }
  const session = await signInNow(system, options, await sessionStore(system, options))
  showToken(system, session)
  revise(system, kubeconfig, changes)
  for (const secret of withheld) system.terminal.stderr(notWritten(secret))
  if (names.context === undefined) {
    system.terminal.stderr(
      `No cluster is known yet: kubectl config set-context NAME --cluster=CLUSTER --user=${shellWord(names.user)}`,
    )
  }
  printFor(system, options, session)
}

/** Prints what `--apiserver` and `--rbac` ask for, as one stream of YAML. */
function printFor(system: System, options: OptionValues, session: Session): void {
  if (options.flag('apiserver')) printApiServer(system, apiServerTrust(system, options, session))
  if (options.flag('rbac')) {
    if (options.flag('apiserver')) system.terminal.stdout('---\n')
    system.terminal.stdout(rbacFor(userOf(options, session)))
  }
}

/** A shell script: what to run, and as comments what to know. */
function guide(user: string, call: ExecCall, withheld: readonly Withheld[]): string {
  return `# 1. Let kubectl sign in so. The same command with --write does it for you.
${withheld.map((secret) => `#    ${notWritten(secret)}\n`).join('')}${setCredentialsCommand(user, call)}
kubectl config set-context --current --user=${shellWord(user)}

# 2. Let the API server accept the tokens: --apiserver prints its configuration.
# 3. Give yourself rights: --rbac prints a role and its binding.
`
}
