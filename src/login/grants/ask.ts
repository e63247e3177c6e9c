import { OidcLoginError } from '../../errors.ts'
import type { GrantContext } from './grant.ts'
import { timeIsUp } from './time.ts'

/** What the user has to type. */
export interface Wanted {
  /** What is shown, with the space after it. */
  readonly text: string
  /** Whether what is typed is not shown. */
  readonly isHidden: boolean
  /** What it is, as the end of "To type …". */
  readonly what: string
  /** What can be done where there is no terminal: a whole sentence. */
  readonly otherwise: string
}

/**
 * Asks the person at the terminal, for as long as a sign-in may take. stdin is never read: it may
 * carry what kubectl is to apply.
 *
 * @throws OidcLoginError `terminal_unavailable`, `sign_in_timed_out`, `interrupted`
 */
export async function ask(
  { system, settings }: Pick<GrantContext, 'system' | 'settings'>,
  { text, isHidden, what, otherwise }: Wanted,
): Promise<string> {
  if (!settings.mayAsk) {
    throw unavailable(`To type ${what}, kubectl must allow the plugin to ask`, otherwise)
  }
  const waiting = new AbortController()
  const signal = AbortSignal.any([system.interrupted, waiting.signal])
  const late = timeIsUp({ system, settings }, signal)
  try {
    const typed = await Promise.race([system.terminal.ask({ text, isHidden, signal }), late])
    if (typed !== undefined) return typed
    throw unavailable(`To type ${what}, a terminal is needed, and there is none`, otherwise)
  } finally {
    waiting.abort()
    // The clock ends by the abort; nobody waits for it any more.
    late.catch(() => undefined)
  }
}

function unavailable(why: string, otherwise: string): OidcLoginError {
  return new OidcLoginError('terminal_unavailable', `${why}.`, {
    hint: `${otherwise} Or sign in beforehand: run "kubectl oidc-login login" with the same options in a terminal. kubectl allows questions with "interactiveMode: IfAvailable" in the kubeconfig, unless something is piped into it.`,
  })
}
