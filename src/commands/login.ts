import { obtainSession } from '../login/index.ts'
import { printable } from '../printable.ts'
import { sessionKey } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import { sessionIdentity } from './identity.ts'
import { obtainSettings } from './obtain.ts'
import { sessionStore } from './session-store.ts'

/**
 * `login`: signs in now, whatever is stored, and prints nothing to stdout.
 *
 * @throws OidcLoginError also `session_unwritable`: a sign-in that is not kept is of no use here
 */
export async function login(system: System, options: OptionValues): Promise<void> {
  const key = sessionKey(sessionIdentity(options))
  const settings = obtainSettings(system, options, {
    from: 'sign-in',
    person: { mayAsk: true, mayReadTerminal: system.terminal.isInteractive },
  })
  const store = await sessionStore(system, options)
  const obtained = await obtainSession(system, store, key, settings)
  if (obtained.notKept) throw obtained.notKept
  const { username, subject, expiresAt } = obtained.session
  const name = username ?? subject ?? 'a user without a name'
  system.terminal.stderr(
    `Signed in as ${printable(name)}. The token lasts until ${new Date(expiresAt).toISOString()}.`,
  )
}
