import { OidcLoginError } from '../errors.ts'
import type { TokenSet } from '../provider/index.ts'
import { refreshMarginMs, type Session } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { isUnattended, type SignInSettings } from './settings.ts'

/**
 * Makes the session of freshly issued tokens.
 *
 * @throws OidcLoginError `token_missing` when the token that the API server needs was not issued
 */
export function newSession(
  system: Pick<System, 'clock'>,
  settings: SignInSettings,
  tokens: TokenSet,
): Session {
  const now = system.clock.now()
  const presented = presentedToken(settings, tokens, now)
  const lifetimeMs = presented.expiresAt - now
  return {
    identity: settings.identity,
    token: presented.token,
    expiresAt: presented.expiresAt,
    refreshAt: presented.expiresAt - refreshMarginMs(lifetimeMs),
    obtainedAt: now,
    idToken: settings.identity.tokenKind === 'id_token' ? undefined : tokens.idToken?.raw,
    // A machine signs in again as easily as it refreshes (RFC 6749 §4.4.3).
    refreshToken: isUnattended(settings) ? undefined : tokens.refreshToken,
    subject: tokens.idToken?.subject,
    username: tokens.idToken?.username,
    proof: settings.presented?.digest,
    certificateAuthorities:
      settings.provider.certificateAuthorities.length > 0
        ? settings.provider.certificateAuthorities
        : undefined,
  }
}

interface PresentedToken {
  readonly token: string
  readonly expiresAt: number
}

function presentedToken(settings: SignInSettings, tokens: TokenSet, now: number): PresentedToken {
  if (settings.identity.tokenKind === 'access_token') {
    return { token: tokens.accessToken, expiresAt: accessTokenExpiresAt(tokens, now) }
  }
  const { idToken } = tokens
  if (idToken === undefined) throw noIdToken(settings)
  // With a clock that is behind the provider's, `exp` alone would keep the token too long.
  const lifetimeMs = idToken.expiresAt - idToken.issuedAt
  return { token: idToken.raw, expiresAt: Math.min(idToken.expiresAt, now + lifetimeMs) }
}

/** Used when the provider does not say how long an access token lives (RFC 6749 §5.1). */
const assumedLifetimeMs = 5 * 60_000

/** An access token need not be a JWT; when it is one, its `exp` is as good as `expires_in`. */
function accessTokenExpiresAt(tokens: TokenSet, now: number): number {
  return tokens.accessTokenExpiresAt ?? expiryOfJwt(tokens.accessToken) ?? now + assumedLifetimeMs
}

/** The `exp` of a token in milliseconds, unverified; undefined for an opaque token. */
function expiryOfJwt(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    )
    const hasExpiry = typeof claims === 'object' && claims !== null && 'exp' in claims
    return hasExpiry && typeof claims.exp === 'number' ? claims.exp * 1000 : undefined
  } catch {
    return undefined
  }
}

function noIdToken({ grantType }: SignInSettings): OidcLoginError {
  const ask =
    grantType === 'token-exchange'
      ? 'Ask for one with --requested-token-type=id_token, allow'
      : 'Allow'
  return new OidcLoginError('token_missing', 'The provider issued no ID token.', {
    hint: `${ask} the scope "openid" for this client at the provider, or use its access token with --oidc-use-access-token.`,
  })
}
