import { buildEndSessionUrl, tokenRevocation } from 'openid-client'
import type { Provider } from './discover.ts'
import { providerError } from './errors.ts'

/**
 * Revokes a refresh token (RFC 7009), and with it, at most providers, the whole grant.
 *
 * @returns false when the provider offers no revocation
 * @throws OidcLoginError those of the connection, `client_refused`
 */
export async function revokeRefreshToken(
  provider: Provider,
  refreshToken: string,
): Promise<boolean> {
  if (provider.metadata.revocation_endpoint === undefined) return false
  try {
    await tokenRevocation(provider.configuration, refreshToken, {
      token_type_hint: 'refresh_token',
    })
    return true
  } catch (error) {
    throw providerError(error, 'revocation', provider.issuer)
  }
}

/**
 * The page that ends the provider's own session (OpenID Connect RP-Initiated Logout §2), or undefined
 * when the provider has none.
 *
 * @param idTokenHint with it the provider need not ask whom to sign out; it is a credential, so the
 *   URL must not be shown. Without it the URL is safe to print.
 */
export function endSessionUrl(provider: Provider, idTokenHint?: string): URL | undefined {
  if (provider.metadata.end_session_endpoint === undefined) return undefined
  return buildEndSessionUrl(
    provider.configuration,
    idTokenHint === undefined ? {} : { id_token_hint: idTokenHint },
  )
}
