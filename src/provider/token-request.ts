import { genericGrantRequest } from 'openid-client'
import type { Provider, ProviderSystem } from './discover.ts'
import { providerError } from './errors.ts'
import type { TokenSet } from './tokens.ts'
import { verifiedTokens } from './verify.ts'

/**
 * Asks the token endpoint for tokens with a grant that is one request (RFC 6749 §4.4 and §4.5).
 *
 * @param grantType `grant_type` of the request
 * @param form the other parameters; they may hold secrets
 * @throws OidcLoginError `sign_in_refused`, `client_refused`, `token_invalid`, and those of the
 *   connection
 */
export async function requestTokens(
  system: ProviderSystem,
  provider: Provider,
  grantType: string,
  form: URLSearchParams,
): Promise<TokenSet> {
  try {
    const response = await genericGrantRequest(provider.configuration, grantType, form)
    return verifiedTokens(system, response)
  } catch (error) {
    throw providerError(error, 'sign-in', provider.issuer)
  }
}
