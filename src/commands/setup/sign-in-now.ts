import { obtainSession } from '../../login/index.ts'
import { type Session, type SessionStore, sessionKey } from '../../session/index.ts'
import { claimsIn, showClaims } from '../../setup/index.ts'
import type { System } from '../../system/index.ts'
import type { OptionValues } from '../given-options.ts'
import { sessionIdentity } from '../identity.ts'
import { obtainSettings } from '../obtain.ts'

/**
 * Signs in, whatever is stored.
 *
 * @throws OidcLoginError what the login room throws
 */
export async function signInNow(
  system: System,
  options: OptionValues,
  store: SessionStore,
): Promise<Session> {
  const key = sessionKey(sessionIdentity(options))
  const settings = obtainSettings(system, options, {
    from: 'sign-in',
    person: { mayAsk: true, mayReadTerminal: system.terminal.isInteractive },
  })
  const { session, notKept } = await obtainSession(system, store, key, settings)
  if (notKept) {
    system.terminal.stderr(`${notKept.message} The first kubectl command has to sign in again.`)
  }
  return session
}

/** Shows on stderr what the token says that the API server gets; never the token. */
export function showToken(system: System, session: Session): void {
  const claims = claimsIn(session.token)
  system.terminal.stderr(
    claims === undefined
      ? 'You got an access token that only the provider can read.'
      : `You got a token with these claims:\n${showClaims(claims)}`,
  )
}
