import {
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  calculatePKCECodeChallenge,
  genericGrantRequest,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { OidcLoginError } from '../errors.ts'
import { checkAuthentication } from './authentication-claims.ts'
import type { Provider, ProviderSystem } from './discover.ts'
import { describeRefusal, invalidToken, pkceHint, providerError } from './errors.ts'
import { fetchKeys } from './keys.ts'
import { requestForm, type TokenTargets } from './targets.ts'
import type { TokenSet } from './tokens.ts'
import { verifiedTokens } from './verify.ts'

/** Whether PKCE is used: `auto` when the provider offers S256, as int128/kubelogin decides. */
export type PkceMethod = 'auto' | 'no' | 'S256'

/** What the authorization request asks for. */
export interface AuthorizationSettings {
  /** Where the provider sends the browser afterwards; registered there, sent as is. */
  readonly redirectUri: string
  /** Scopes beside `openid`. */
  readonly extraScopes: readonly string[]
  /** Whether PKCE is used. */
  readonly pkceMethod: PkceMethod
  /** Extra parameters of the request, for example `login_hint` or `prompt`. */
  readonly extraParameters: Readonly<Record<string, string>>
  /** For whom the tokens are meant. */
  readonly targets: TokenTargets
  /** Whether the request is pushed (RFC 9126), also to a provider that does not demand it. */
  readonly isPushed: boolean
  /** The `state` parameter; made by {@link randomState}. */
  readonly state: string
}

/** An authorization request that was started, with the secrets that its answer must match. */
export interface AuthorizationRequest {
  /** Where the browser is sent. */
  readonly url: URL
  /** The redirect URI of the request, which the token request must repeat. */
  readonly redirectUri: string
  /** What the ID token must repeat (OpenID Connect Core §3.1.2.1). */
  readonly nonce: string
  /** The secret behind the code challenge (RFC 7636); absent without PKCE. */
  readonly codeVerifier?: string | undefined
  /** The extra parameters of the request. */
  readonly extraParameters: Readonly<Record<string, string>>
  /** The resources of the request, which the token request repeats (RFC 8707 §2.2). */
  readonly resources?: readonly string[] | undefined
  /** When it was made, in milliseconds of `Clock.elapsed`. */
  readonly startedAt: number
}

/** Makes the `state` of a new authorization request: 256 random bits (RFC 6749 §10.12). */
export function newState(): string {
  return randomState()
}

/** The `scope` parameter: extras in their order, then `openid`. */
export function requestedScopes(extraScopes: readonly string[]): string[] {
  return [...new Set([...extraScopes.filter((scope) => scope !== 'openid'), 'openid'])]
}

/**
 * Builds the authorization request (OpenID Connect Core §3.1.2.1, PKCE by RFC 7636), and pushes it
 * where the provider or the user demands that (RFC 9126).
 *
 * @throws OidcLoginError those of a pushed request: `client_refused`, `sign_in_refused`,
 *   `provider_response_invalid`, and those of the connection
 */
export async function startAuthorization(
  system: Pick<ProviderSystem, 'clock'>,
  provider: Provider,
  settings: AuthorizationSettings,
): Promise<AuthorizationRequest> {
  const nonce = randomNonce()
  const codeVerifier = usesPkce(provider, settings.pkceMethod)
    ? randomPKCECodeVerifier()
    : undefined
  const parameters = {
    // Google issues a refresh token only to those who ask in this way; others ignore it.
    access_type: 'offline',
    ...settings.extraParameters,
    ...(codeVerifier ? await challenge(codeVerifier) : {}),
    response_type: 'code',
    redirect_uri: settings.redirectUri,
    scope: requestedScopes(settings.extraScopes).join(' '),
    state: settings.state,
    nonce,
  }
  const form = requestForm(parameters, settings.targets)
  const url = await requestUrl(provider, settings.isPushed, form)
  const { redirectUri, extraParameters } = settings
  return {
    url,
    redirectUri,
    nonce,
    codeVerifier,
    extraParameters,
    resources: settings.targets.resources,
    startedAt: system.clock.elapsed(),
  }
}

async function requestUrl(
  { configuration, metadata, issuer }: Provider,
  isPushed: boolean,
  parameters: URLSearchParams,
): Promise<URL> {
  const isDemanded = metadata.require_pushed_authorization_requests === true
  try {
    return isPushed || isDemanded
      ? await buildAuthorizationUrlWithPAR(configuration, parameters)
      : buildAuthorizationUrl(configuration, parameters)
  } catch (error) {
    throw providerError(error, 'sign-in', issuer)
  }
}

/** Whether PKCE is to be used with this provider. */
export function usesPkce(provider: Provider, method: PkceMethod): boolean {
  if (method === 'auto') return provider.configuration.serverMetadata().supportsPKCE()
  return method === 'S256'
}

async function challenge(codeVerifier: string): Promise<Record<string, string>> {
  return {
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  }
}

/**
 * Redeems the answer to an authorization request: an error is reported, a code is exchanged for
 * tokens, and the ID token is verified with its nonce. `state` and `iss` have been checked by whoever
 * received the answer.
 *
 * The generic grant call is used because openid-client's own one derives the redirect URI from a URL
 * object, which adds a slash to `http://localhost:8000`; the provider would refuse the difference.
 *
 * @throws OidcLoginError `sign_in_refused`, `client_refused`, `token_invalid`, `token_missing`, and
 *   those of the connection
 */
export async function redeemAuthorization(
  system: ProviderSystem,
  provider: Provider,
  request: AuthorizationRequest,
  answer: URLSearchParams,
): Promise<TokenSet> {
  const refused = answer.get('error')
  if (refused !== null) throw refusedByProvider(refused, answer.get('error_description'))
  try {
    await fetchKeys(provider)
    const parameters = {
      code: answer.get('code') ?? '',
      redirect_uri: request.redirectUri,
      ...(request.codeVerifier ? { code_verifier: request.codeVerifier } : {}),
    }
    const response = await genericGrantRequest(
      provider.configuration,
      'authorization_code',
      requestForm(parameters, { resources: request.resources }),
    )
    if (response.id_token !== undefined && response.claims()?.nonce !== request.nonce) {
      throw invalidToken('its claim "nonce" is wrong')
    }
    const tokens = verifiedTokens(system, response)
    checkAuthentication(response.claims(), {
      parameters: request.extraParameters,
      elapsedMs: system.clock.elapsed() - request.startedAt,
    })
    return tokens
  } catch (error) {
    throw providerError(error, 'sign-in', provider.issuer)
  }
}

/** An authorization error response (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). */
function refusedByProvider(code: string, description: string | null): OidcLoginError {
  const said = describeRefusal(code, description ?? undefined)
  if (code === 'access_denied') {
    return new OidcLoginError('sign_in_refused', `The sign-in was refused: ${said}.`, {
      hint: 'Run the command again. If it was not cancelled in the browser, the provider does not let this user in.',
    })
  }
  return new OidcLoginError('sign_in_refused', `The provider refused the sign-in: ${said}.`, {
    hint:
      pkceHint(description) ?? 'Check the client, its redirect URIs and scopes at the provider.',
  })
}
