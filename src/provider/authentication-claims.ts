import type { TokenEndpointResponseHelpers } from 'openid-client'
import { invalidToken } from './errors.ts'

type Claims = ReturnType<TokenEndpointResponseHelpers['claims']>

/** What a sign-in was asked for, and how long it took. */
export interface RequestedAuthentication {
  /** Parameters of the authorization request. */
  readonly parameters: Readonly<Record<string, string>>
  /** Time between the request and the tokens. */
  readonly elapsedMs: number
}

/** Between the moment at which a provider checks a password and the one that it writes down. */
const toleratedSec = 60

/**
 * Checks that the provider did what `max_age` and `acr_values` asked for (OpenID Connect Core
 * §3.1.3.7 and §5.5.1.1). `acr_values` is a wish: a provider that says nothing of it is believed, one
 * that names another class is not. Both instants of the age are by the provider's clock.
 *
 * @throws OidcLoginError `token_invalid`
 */
export function checkAuthentication(
  claims: Claims,
  { parameters, elapsedMs }: RequestedAuthentication,
): void {
  const maxAgeSec = Number(parameters.max_age ?? Number.NaN)
  if (Number.isFinite(maxAgeSec)) {
    const ageSec = Number(claims?.iat) - Number(claims?.auth_time ?? Number.NaN)
    if (Number.isNaN(ageSec)) {
      throw invalidToken('max_age was asked for, and its claim "auth_time" is missing')
    }
    if (ageSec > maxAgeSec + elapsedMs / 1000 + toleratedSec) {
      throw invalidToken(
        'its claim "auth_time" is older than max_age allows',
        'Sign in again with --oidc-auth-request-extra-params=prompt=login.',
      )
    }
  }
  const wanted = (parameters.acr_values ?? '').split(' ').filter(Boolean)
  if (wanted.length > 0 && typeof claims?.acr === 'string' && !wanted.includes(claims.acr)) {
    throw invalidToken(
      'its claim "acr" is none of the acr_values that were asked for',
      'Check --oidc-auth-request-extra-params, and which classes the provider knows.',
    )
  }
}
