import { createLocalJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import { genericGrantRequest, getJwksCache } from 'openid-client'
import type { Provider, ProviderSystem } from './discover.ts'
import { invalidToken, providerError } from './errors.ts'
import { fetchKeys } from './keys.ts'
import { requestForm, type TokenTargets } from './targets.ts'
import type { IdToken, TokenSet } from './tokens.ts'
import { checkedIdToken, verifiedTokens } from './verify.ts'

/**
 * Exchanges a token for others (RFC 8693 §2). An ID token that was asked for by its type comes in the
 * member `access_token`; it is verified as any other, and may be meant for an audience that was asked for.
 *
 * @param parameters of the request beside its targets; they hold secrets
 * @throws OidcLoginError `sign_in_refused`, `client_refused`, `token_invalid`, and those of the
 *   connection
 */
export async function exchangeToken(
  system: ProviderSystem,
  provider: Provider,
  parameters: Readonly<Record<string, string>>,
  targets: TokenTargets,
): Promise<TokenSet> {
  try {
    const form = requestForm(parameters, targets)
    const response = await genericGrantRequest(provider.configuration, tokenExchangeGrant, form)
    const tokens = verifiedTokens(system, response)
    if (tokens.idToken !== undefined || response.issued_token_type !== idTokenType) return tokens
    const idToken = await verifyIssued(system, provider, response.access_token, targets)
    return { ...tokens, idToken }
  } catch (error) {
    throw providerError(error, 'sign-in', provider.issuer)
  }
}

const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const idTokenType = 'urn:ietf:params:oauth:token-type:id_token'

async function verifyIssued(
  system: ProviderSystem,
  provider: Provider,
  raw: string,
  { audiences = [] }: TokenTargets,
): Promise<IdToken> {
  await fetchKeys(provider)
  const now = system.clock.now()
  const { sub, iat, exp, ...others } = await verify(provider, raw, {
    issuer: provider.issuer,
    audience: [provider.clientId, ...audiences],
    algorithms: algorithmsOf(provider),
    requiredClaims: ['sub', 'iat', 'exp'],
    currentDate: new Date(now),
  })
  if (sub === undefined || iat === undefined || exp === undefined) throw malformed()
  return checkedIdToken(now, raw, { ...others, sub, iat, exp })
}

async function verify(
  { configuration }: Provider,
  raw: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  const keys = getJwksCache(configuration)?.jwks.keys ?? []
  try {
    return (await jwtVerify(raw, createLocalJWKSet({ keys: [...keys] }), options)).payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw invalidToken('it has expired already', 'Check the clock of this computer.')
    }
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw invalidToken(`its claim "${error.claim}" is wrong`, audienceHint[error.claim])
    }
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw invalidToken('its signature is wrong')
    }
    if (error instanceof errors.JWKSNoMatchingKey) {
      throw invalidToken('it is signed with a key that the provider does not publish')
    }
    if (error instanceof errors.JOSEAlgNotAllowed) {
      throw invalidToken('it is signed with an algorithm that is not allowed')
    }
    throw malformed()
  }
}

const audienceHint: Readonly<Record<string, string>> = {
  aud: 'It is meant for neither the client nor an --audience. Name the audience that the API server expects.',
}

/** As openid-client decides: what the provider announces, else RS256; never a shared secret. */
function algorithmsOf({ metadata }: Provider): string[] {
  const announced = metadata.id_token_signing_alg_values_supported ?? ['RS256']
  return announced.filter((name) => name !== 'none' && !name.startsWith('HS'))
}

function malformed(): Error {
  return invalidToken('it is malformed or lacks a claim')
}
