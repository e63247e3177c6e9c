import { OidcLoginError } from '../errors.ts'
import type { TokenSet } from '../provider/index.ts'
import { refreshMarginMs, type Session } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { SignInSettings } from './settings.ts'

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
    refreshToken: tokens.refreshToken,
    subject: tokens.idToken?.subject,
    username: tokens.idToken?.username,
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
  if (idToken === undefined) throw noIdToken()
  // With a clock that is behind the provider's, `exp` alone would keep the token too long.
  const lifetimeMs = idToken.expiresAt - idToken.issuedAt
  return { token: idToken.raw, expiresAt: Math.min(idToken.expiresAt, now + lifetimeMs) }
}

/** Used when the provider does not say how long an access token lives (RFC 6749 §5.1). */
const assumedLifetimeMs = 5 * 60_000

function accessTokenExpiresAt(tokens: TokenSet, now: number): number {
  return tokens.accessTokenExpiresAt ?? now + assumedLifetimeMs
}

function noIdToken(): OidcLoginError {
  return new OidcLoginError('token_missing', 'The provider issued no ID token.', {
    hint: 'Allow the scope "openid" for this client at the provider, or use its access token with --oidc-use-access-token.',
  })
}
