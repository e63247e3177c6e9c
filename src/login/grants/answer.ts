import { type CallbackListener, parsePastedCallback } from '../callback/index.ts'
import type { GrantContext } from './grant.ts'
import { timeIsUp } from './time.ts'

/** What the answer to an authorization request must match, and when waiting for it ends. */
export interface Expectation {
  /** The `state` of the request. */
  readonly state: string
  /** Aborted when the user interrupts, or when the sign-in has ended otherwise. */
  readonly signal: AbortSignal
}

/**
 * Waits for the first of: the browser's callback, a redirect URL pasted into the terminal, the end
 * of the user's time, an interruption.
 *
 * @throws OidcLoginError `sign_in_timed_out`, `interrupted`
 */
export async function awaitAnswer(
  context: GrantContext,
  listener: CallbackListener,
  expectation: Expectation,
): Promise<URLSearchParams> {
  const waiting = new AbortController()
  const signal = AbortSignal.any([expectation.signal, waiting.signal])
  const ways = [listener.received.then(({ parameters }) => parameters), timeIsUp(context, signal)]
  if (context.settings.mayReadTerminal) ways.push(pasted(context, expectation.state, signal))
  try {
    return await Promise.race(ways)
  } finally {
    // Those that lost the race end by the abort; nobody waits for them any more, and the code goes to the provider first.
    setImmediate(() => waiting.abort())
    for (const way of ways) way.catch(() => undefined)
  }
}

async function pasted(
  { system, provider }: GrantContext,
  state: string,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  for await (const line of system.terminal.lines(signal)) {
    if (line.trim() === '') continue
    const outcome = parsePastedCallback(line, {
      state,
      issuer: provider.metadata.issuer,
      issRequired: provider.metadata.authorization_response_iss_parameter_supported === true,
    })
    if (outcome.kind === 'accepted') return outcome.callback.parameters
    system.terminal.stderr(`Not accepted. ${outcome.reason}`)
  }
  // stdin has ended; the browser can still answer.
  return await new Promise(() => undefined)
}
