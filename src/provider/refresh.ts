import { ResponseBodyError, refreshTokenGrant } from 'openid-client'
import type { Provider, ProviderSystem } from './discover.ts'
import { providerError } from './errors.ts'
import { fetchKeys } from './keys.ts'
import { requestForm, type TokenTargets } from './targets.ts'
import type { TokenSet } from './tokens.ts'
import { verifiedTokens } from './verify.ts'

/** How a refresh ended. Anything else is an error that keeps the session. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly tokens: TokenSet }
  /** The provider does not accept the refresh token any more (RFC 6749 §5.2 `invalid_grant`). */
  | { readonly kind: 'ended' }

/**
 * Exchanges a refresh token for new tokens (OpenID Connect Core §12). The resources for which the
 * tokens were meant are named again (RFC 8707 §2.2).
 *
 * @throws OidcLoginError those of the connection, `provider_unavailable`, `client_refused`,
 *   `token_invalid`. Only the last one may come after the refresh token was spent: a provider whose
 *   tokens cannot be trusted has broken the session itself.
 */
export async function refreshTokens(
  system: ProviderSystem,
  provider: Provider,
  refreshToken: string,
  { resources }: TokenTargets,
): Promise<RefreshOutcome> {
  try {
    await fetchKeys(provider)
    const response = await refreshTokenGrant(
      provider.configuration,
      refreshToken,
      requestForm({}, { resources }),
    )
    return { kind: 'refreshed', tokens: verifiedTokens(system, response) }
  } catch (error) {
    if (error instanceof ResponseBodyError && error.error === 'invalid_grant') {
      return { kind: 'ended' }
    }
    throw providerError(error, 'refresh', provider.issuer)
  }
}
