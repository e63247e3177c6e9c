import { genericGrantRequest, ResponseBodyError } from 'openid-client'
import { OidcLoginError } from '../errors.ts'
import { requestedScopes } from './authorization.ts'
import type { Provider, ProviderSystem } from './discover.ts'
import { describeRefusal, providerError } from './errors.ts'
import { requestForm, type TokenTargets } from './targets.ts'
import type { TokenSet } from './tokens.ts'
import { verifiedTokens } from './verify.ts'

/** What a user has typed. */
export interface PasswordCredentials {
  readonly username: string
  readonly password: string
  /** Scopes beside `openid`. */
  readonly extraScopes: readonly string[]
  /** For whom the tokens are meant. */
  readonly targets: TokenTargets
}

/**
 * Exchanges a user name and a password for tokens (RFC 6749 §4.3).
 *
 * @throws OidcLoginError `sign_in_refused`, `client_refused`, `token_invalid`, and those of the
 *   connection
 */
export async function tokensForPassword(
  system: ProviderSystem,
  provider: Provider,
  { username, password, extraScopes, targets }: PasswordCredentials,
): Promise<TokenSet> {
  try {
    const scope = requestedScopes(extraScopes).join(' ')
    const form = requestForm({ username, password, scope }, targets)
    const response = await genericGrantRequest(provider.configuration, 'password', form)
    return verifiedTokens(system, response)
  } catch (error) {
    if (error instanceof ResponseBodyError && error.error === 'invalid_grant') throw refused(error)
    throw providerError(error, 'sign-in', provider.issuer)
  }
}

function refused({ error, error_description }: ResponseBodyError): OidcLoginError {
  return new OidcLoginError(
    'sign_in_refused',
    `The provider refused the user name or the password: ${describeRefusal(error, error_description)}.`,
    {
      hint: 'Check both. Accounts with a second factor cannot sign in with the password grant: use --grant-type=authcode or device-code.',
    },
  )
}
