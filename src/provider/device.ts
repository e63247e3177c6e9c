import {
  calculatePKCECodeChallenge,
  genericGrantRequest,
  initiateDeviceAuthorization,
  ResponseBodyError,
  randomPKCECodeVerifier,
} from 'openid-client'
import { OidcLoginError } from '../errors.ts'
import { type PkceMethod, requestedScopes, usesPkce } from './authorization.ts'
import type { Provider, ProviderSystem } from './discover.ts'
import { describeRefusal, providerError } from './errors.ts'
import { requestForm, type TokenTargets } from './targets.ts'
import type { TokenSet } from './tokens.ts'
import { verifiedTokens } from './verify.ts'

/** What the device authorization request asks for. */
export interface DeviceSettings {
  /** Scopes beside `openid`. */
  readonly extraScopes: readonly string[]
  /** Whether PKCE is used. */
  readonly pkceMethod: PkceMethod
  /** Extra parameters of the request. */
  readonly extraParameters: Readonly<Record<string, string>>
  /** For whom the tokens are meant. */
  readonly targets: TokenTargets
}

/** A device authorization that was started (RFC 8628 §3.2). */
export interface DeviceAuthorization {
  /** What the user types in. */
  readonly userCode: string
  /** Where the user types it in. */
  readonly verificationUri: URL
  /** The same page with the code filled in, when the provider has one. */
  readonly verificationUriComplete?: URL | undefined
  /** When the codes end, in milliseconds of `Clock.elapsed`. */
  readonly endsAt: number
  /** How long to wait between two polls. */
  readonly intervalMs: number
  /** The secret that is exchanged for tokens. */
  readonly deviceCode: string
  /** The secret behind the code challenge; absent without PKCE. */
  readonly codeVerifier?: string | undefined
}

/** The answer to one poll (RFC 8628 §3.5). */
export type DevicePoll =
  | { readonly kind: 'tokens'; readonly tokens: TokenSet }
  | { readonly kind: 'pending' }
  | { readonly kind: 'slow-down' }
  | { readonly kind: 'expired' }

/** Whether the provider says that devices can sign in. */
export function offersDeviceAuthorization(provider: Provider): boolean {
  return provider.metadata.device_authorization_endpoint !== undefined
}

/** Used when the provider names no interval (RFC 8628 §3.2). */
const defaultIntervalSec = 5

/**
 * Asks for a device code. RFC 8628 knows no PKCE, but providers that demand it for a client demand
 * it here too (Keycloak), and others ignore parameters that they do not know (RFC 6749 §3.1).
 *
 * @throws OidcLoginError `provider_response_invalid` when the provider offers no device sign-in;
 *   `sign_in_refused`, `client_refused`, and those of the connection
 */
export async function startDeviceAuthorization(
  system: Pick<ProviderSystem, 'clock'>,
  provider: Provider,
  settings: DeviceSettings,
): Promise<DeviceAuthorization> {
  if (!offersDeviceAuthorization(provider)) throw notOffered()
  const codeVerifier = usesPkce(provider, settings.pkceMethod)
    ? randomPKCECodeVerifier()
    : undefined
  try {
    const parameters = {
      ...settings.extraParameters,
      ...(codeVerifier ? await challenge(codeVerifier) : {}),
      scope: requestedScopes(settings.extraScopes).join(' '),
    }
    const form = requestForm(parameters, settings.targets)
    const answer = await initiateDeviceAuthorization(provider.configuration, form)
    const complete = answer.verification_uri_complete
    return {
      userCode: answer.user_code,
      verificationUri: webPage(provider, answer.verification_uri),
      verificationUriComplete: complete === undefined ? undefined : webPage(provider, complete),
      endsAt: system.clock.elapsed() + answer.expires_in * 1000,
      intervalMs: (answer.interval || defaultIntervalSec) * 1000,
      deviceCode: answer.device_code,
      codeVerifier,
    }
  } catch (error) {
    throw providerError(error, 'device sign-in', provider.issuer)
  }
}

async function challenge(codeVerifier: string): Promise<Record<string, string>> {
  return {
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  }
}

/** A page that is handed to the browser must be one: no `file:`, no `javascript:`. */
function webPage(provider: Provider, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlainAllowed = provider.issuer.startsWith('http:')
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isPlainAllowed)) return url
  throw new OidcLoginError(
    'provider_response_invalid',
    'The provider names a page for the device sign-in that is not https.',
    { hint: 'Tell the operator of the provider.' },
  )
}

/**
 * Asks once whether the user has signed in.
 *
 * @throws OidcLoginError `sign_in_refused`, `client_refused`, `token_invalid`, and those of the
 *   connection, which say nothing about the sign-in
 */
export async function pollDeviceAuthorization(
  system: ProviderSystem,
  provider: Provider,
  authorization: DeviceAuthorization,
): Promise<DevicePoll> {
  try {
    const response = await genericGrantRequest(provider.configuration, deviceCodeGrant, {
      device_code: authorization.deviceCode,
      ...(authorization.codeVerifier ? { code_verifier: authorization.codeVerifier } : {}),
    })
    return { kind: 'tokens', tokens: verifiedTokens(system, response) }
  } catch (error) {
    if (!(error instanceof ResponseBodyError)) {
      throw providerError(error, 'device sign-in', provider.issuer)
    }
    if (error.error === 'authorization_pending') return { kind: 'pending' }
    if (error.error === 'slow_down') return { kind: 'slow-down' }
    if (error.error === 'expired_token') return { kind: 'expired' }
    if (error.error === 'access_denied') throw denied(error)
    throw providerError(error, 'device sign-in', provider.issuer)
  }
}

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code'

function denied({ error, error_description }: ResponseBodyError): OidcLoginError {
  return new OidcLoginError(
    'sign_in_refused',
    `The sign-in was refused: ${describeRefusal(error, error_description)}.`,
    {
      hint: 'Run the command again. If it was not cancelled in the browser, the provider does not let this user in.',
    },
  )
}

function notOffered(): OidcLoginError {
  return new OidcLoginError(
    'provider_response_invalid',
    'The provider offers no device sign-in: its discovery document lacks the device_authorization_endpoint.',
    {
      hint: 'Use --grant-type=authcode, or switch the device authorization grant on at the provider.',
    },
  )
}
