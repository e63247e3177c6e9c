import { OidcLoginError } from '../errors.ts'
import type { System } from '../system/index.ts'

const untilToldMs = 2_000
const patienceMs = 120_000

/**
 * Waits for the keychain, which may be asking a person for a password: says so after two seconds,
 * gives up after two minutes, and ends when the user interrupts.
 *
 * @throws OidcLoginError `keychain_locked` when nobody answers, `interrupted`, and what the keychain
 *   throws
 */
export async function patiently<T>(
  system: Pick<System, 'clock' | 'terminal' | 'interrupted' | 'keychain'>,
  operation: () => Promise<T>,
): Promise<T> {
  system.interrupted.throwIfAborted()
  const { name } = system.keychain
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, system.interrupted])
  const told = system.clock.sleep(untilToldMs, signal).then(() => {
    system.terminal.stderr(`Waiting for the ${name}: it may be asking for a password in a window.`)
  })
  const deadline = system.clock.sleep(patienceMs, signal).then(() => {
    throw new OidcLoginError('keychain_locked', `The ${name} did not answer in two minutes.`, {
      hint: 'Answer its prompt, or choose --token-cache-storage=disk.',
    })
  })
  told.catch(() => undefined)
  deadline.catch(() => undefined)
  try {
    return await Promise.race([operation(), deadline])
  } finally {
    done.abort()
  }
}
