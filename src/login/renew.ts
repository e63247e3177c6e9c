import { OidcLoginError } from '../errors.ts'
import { discoverProvider, refreshTokens, type TokenSet } from '../provider/index.ts'
import type { Session } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { newSession } from './new-session.ts'
import type { SignInSettings } from './settings.ts'

/** How a renewal ended. */
export type Renewal =
  | { readonly kind: 'renewed'; readonly session: Session }
  /** The provider has ended the session: only signing in helps. */
  | { readonly kind: 'ended'; readonly reason: string }
  /** The refresh token belongs to somebody else now: neither may it be used again. */
  | { readonly kind: 'foreign'; readonly error: OidcLoginError }

/**
 * Refreshes a session.
 *
 * @param refreshToken of `session`
 * @throws OidcLoginError when the provider cannot be reached or does not work; the session stays
 *   as it is
 */
export async function renew(
  system: System,
  settings: SignInSettings,
  session: Session,
  refreshToken: string,
): Promise<Renewal> {
  const provider = await discoverProvider(system, settings.provider)
  const outcome = await refreshTokens(system, provider, refreshToken, settings.identity)
  if (outcome.kind === 'ended') {
    return { kind: 'ended', reason: 'The provider has ended the session.' }
  }
  const subject = outcome.tokens.idToken?.subject
  if (subject !== undefined && session.subject !== undefined && subject !== session.subject) {
    return { kind: 'foreign', error: anotherSubject() }
  }
  return renewedSession(system, settings, session, outcome.tokens)
}

/** A refresh may leave out the refresh token (RFC 6749 §6) and the ID token (Core §12.2). */
function renewedSession(
  system: System,
  settings: SignInSettings,
  session: Session,
  tokens: TokenSet,
): Renewal {
  const refreshToken = tokens.refreshToken ?? session.refreshToken
  const isIdTokenMissing =
    settings.identity.tokenKind === 'id_token' && tokens.idToken === undefined
  if (!isIdTokenMissing) {
    const renewed = newSession(system, settings, tokens)
    return { kind: 'renewed', session: { ...renewed, ...whoIs(renewed, session), refreshToken } }
  }
  if (session.expiresAt > system.clock.now()) {
    return { kind: 'renewed', session: { ...session, refreshAt: session.expiresAt, refreshToken } }
  }
  return {
    kind: 'ended',
    reason:
      'The provider returned no ID token with the refresh, and the last one has expired. Allow the scope "openid" on refresh at the provider, or use --oidc-use-access-token.',
  }
}

/** A refresh need not say again who signed in. */
function whoIs(
  renewed: Session,
  before: Session,
): Pick<Session, 'idToken' | 'subject' | 'username'> {
  return {
    idToken: renewed.idToken ?? before.idToken,
    subject: renewed.subject ?? before.subject,
    username: renewed.username ?? before.username,
  }
}

function anotherSubject(): OidcLoginError {
  return new OidcLoginError(
    'token_invalid',
    'The provider issued a token that cannot be trusted: the refresh answered with a token of another user.',
    { hint: 'The session was deleted. Run the command again to sign in.' },
  )
}
