import type { Credential } from '../exec-credential/index.ts'
import type { SessionIdentity } from './key.ts'

/** Tokens of one sign-in, and when to use them. Instants are milliseconds since the Unix epoch. */
export interface Session {
  /** Which sign-in this is. */
  readonly identity: SessionIdentity
  /** The token that the API server gets. */
  readonly token: string
  /** When {@link Session.token} ends. */
  readonly expiresAt: number
  /** From when on {@link Session.token} is not handed out any more. */
  readonly refreshAt: number
  /** When {@link Session.token} was obtained, by this computer's clock. */
  readonly obtainedAt: number
  /** The latest ID token, which logging out needs as a hint; absent when it is the token itself. */
  readonly idToken?: string | undefined
  /** The refresh token, when the provider issued one. */
  readonly refreshToken?: string | undefined
  /** Who signed in: the `sub` claim. A refresh may never change it (OpenID Connect Core §12.2). */
  readonly subject?: string | undefined
  /** A name for people: `preferred_username`, `email` or `name`, whichever is there. */
  readonly username?: string | undefined
  /** Digest of the tokens that were presented for it; absent when a person or the client signed in. */
  readonly proof?: string | undefined
  /** PEM certificates that were trusted in addition, so that `logout` needs no flags. */
  readonly certificateAuthorities?: readonly string[] | undefined
  /** Whether the user has been told that no refresh token was issued. */
  readonly toldAboutMissingRefreshToken?: boolean | undefined
}

const longestMarginMs = 60_000

/**
 * How long before its end a token is not handed out any more: a tenth of its life, at most a minute.
 * A token that ends while its request is under way is refused by the API server.
 */
export function refreshMarginMs(lifetimeMs: number): number {
  return Math.min(longestMarginMs, Math.max(0, lifetimeMs) / 10)
}

/** How far the clock may have gone back since the token was obtained. */
const toleratedClockStepMs = 60_000

/**
 * Whether the session's token can be handed out without asking anybody. A clock that is earlier than
 * the moment at which the token was obtained has been set back, and then tells nothing of its end.
 */
export function isFresh(session: Session, now: number): boolean {
  return now < session.refreshAt && now > session.obtainedAt - toleratedClockStepMs
}

/** What kubectl gets of a session. */
export function credentialOf(session: Session): Credential {
  return { token: session.token, refreshAt: session.refreshAt }
}

/** The ID token of a session, which RP-initiated logout names as a hint. */
export function idTokenOf(session: Session): string | undefined {
  return session.identity.tokenKind === 'id_token' ? session.token : session.idToken
}
