import { OidcLoginError } from '../errors.ts'
import type { ExecRequest } from '../exec-credential/index.ts'
import { type ObtainSettings, obtainSession } from '../login/index.ts'
import type { Session, SessionKey, SessionStore } from '../session/index.ts'
import { type System, waitingAncestor } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import { warnOfIgnoredOptions } from './ignored-options.ts'
import { type Person, signInSettings } from './sign-in-settings.ts'

/** What `get-token` has found out before it needs more than the stored session. */
export interface TokenRequest {
  readonly store: SessionStore
  readonly key: SessionKey
  readonly request: ExecRequest
  /** Whether a fresh token is not good enough. */
  readonly isForced: boolean
  /** Prints the session for kubectl. */
  print(session: Session): void
}

/**
 * Obtains the session for `get-token`, and prints it. One that could not be kept is used, with a warning.
 *
 * @throws OidcLoginError `called_by_itself`, and what the login room throws
 */
export async function obtainForKubectl(
  system: System,
  options: OptionValues,
  { store, key, request, isForced, print }: TokenRequest,
): Promise<void> {
  refuseRecursion(system)
  const mayAsk = request.interactive !== false
  const settings = obtainSettings(system, options, {
    from: isForced ? 'refresh' : 'cached',
    person: { mayAsk, mayReadTerminal: mayAsk && system.terminal.isInteractive },
    cluster: request.server,
  })
  let isPrinted = false
  const onSignedIn = (session: Session): void => {
    print(session)
    isPrinted = true
  }
  const { session, notKept } = await obtainSession(system, store, key, { ...settings, onSignedIn })
  if (notKept) {
    system.terminal.stderr(`${notKept.message} The next command has to sign in again.`)
    if (notKept.hint) system.terminal.stderr(notKept.hint)
  }
  if (!isPrinted) print(session)
}

/** Makes the settings of the login room from the options. */
export function obtainSettings(
  system: System,
  options: OptionValues,
  how: {
    readonly from: ObtainSettings['from']
    readonly person: Person
    readonly cluster?: string | undefined
  },
): ObtainSettings {
  const signIn = { ...signInSettings(system, options, how.person), cluster: how.cluster }
  warnOfIgnoredOptions(system, options, signIn.grantType)
  return {
    signIn,
    from: how.from,
    lockTimeoutMs:
      options.durationMs('lock-timeout-sec') ?? signIn.authenticationTimeoutMs + 30_000,
    coolDownMs: options.durationMs('cool-down-sec') ?? 0,
    // A person may read along although kubectl keeps stdin to itself.
    isInteractive: system.terminal.isInteractive || system.terminal.screenWidth !== undefined,
    callerPid: system.env.KUBERNETES_EXEC_INFO ? system.process.parentPid : undefined,
  }
}

function refuseRecursion(system: System): void {
  const pid = waitingAncestor(system)
  if (pid === undefined) return
  throw new OidcLoginError(
    'called_by_itself',
    `This sign-in was started by another one (process ${pid}), which would wait for it for ever.`,
    {
      hint: 'A program that the sign-in runs calls kubectl: check --browser-command and $BROWSER. Where "kubectl" is a wrapper, name kubectl-oidc_login itself, with its path, as the command in the kubeconfig.',
    },
  )
}
