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
  /** The provider does not accept the refresh token any more. */
  | { readonly kind: 'ended' }

/**
 * How providers say that a refresh token is good no more: as RFC 6749 §5.2 has it; as Dex up to 2.45
 * does; and as Entra ID does when a rule has begun to demand something of the user (the codes of
 * OpenID Connect Core §3.1.2.6).
 */
const endings: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_request',
  'interaction_required',
  'login_required',
  'consent_required',
])

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
    if (isEnding(error)) return { kind: 'ended' }
    throw providerError(error, 'refresh', provider.issuer)
  }
}

function isEnding(error: unknown): boolean {
  return error instanceof ResponseBodyError && error.status < 500 && endings.has(error.error)
}
