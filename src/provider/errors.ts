import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { OidcLoginError } from '../errors.ts'
import { printable } from '../printable.ts'
import { withoutSecrets } from '../system/index.ts'

/** What we were doing when the provider's answer went wrong, as the end of "The provider …". */
export type ProviderStep = 'discovery' | 'sign-in' | 'device sign-in' | 'refresh' | 'revocation'

/**
 * Turns what openid-client throws into our vocabulary. Its own messages and causes are not shown:
 * they hold the provider's whole answer, tokens included.
 */
export function providerError(error: unknown, step: ProviderStep, issuer: string): unknown {
  const known = findOwnError(error)
  if (known !== undefined) return known
  if (error instanceof ResponseBodyError) return refusal(error, step)
  if (error instanceof WWWAuthenticateChallengeError) return challenged(error)
  if (error instanceof ClientError) return fromClientError(error, step, issuer)
  // What is left is the library's reaction to metadata of a wrong type or to an endpoint that is none.
  return notAProvider('its metadata or its answer cannot be used', issuer)
}

/** Errors of our own doors come back wrapped by the library. */
function findOwnError(error: unknown): OidcLoginError | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link instanceof OidcLoginError) return link
  }
  return undefined
}

const clientErrors = new Set(['invalid_client', 'unauthorized_client'])

/** An error response of the token endpoint (RFC 6749 §5.2). */
function refusal(error: ResponseBodyError, step: ProviderStep): OidcLoginError {
  const said = describeRefusal(error.error, error.error_description)
  if (clientErrors.has(error.error)) return clientRefused(said)
  if (error.status === 429 || error.error === 'temporarily_unavailable' || error.status >= 500) {
    return unavailable(error.status, said)
  }
  return new OidcLoginError('sign_in_refused', `The provider refused the ${step}: ${said}.`, {
    hint: pkceHint(error.error_description) ?? refusalHints[error.error],
    cause: error.error,
  })
}

/** A client that fails to authenticate itself with HTTP Basic gets a challenge (RFC 6749 §5.2). */
function challenged({ cause, status }: WWWAuthenticateChallengeError): OidcLoginError {
  const parameters = cause.map((challenge) => challenge.parameters)
  const code = parameters.find(({ error }) => error !== undefined)
  return clientRefused(
    code?.error ? describeRefusal(code.error, code.error_description) : `status ${status}`,
  )
}

function clientRefused(said: string): OidcLoginError {
  return new OidcLoginError(
    'client_refused',
    `The provider does not accept this client: ${said}.`,
    {
      hint: 'Check --oidc-client-id, --oidc-client-secret and --oidc-client-auth-method against the client registered at the provider.',
    },
  )
}

const refusalHints: Readonly<Record<string, string>> = {
  invalid_grant:
    'Sign in again. If this goes on, check the redirect URI and PKCE settings of the client.',
  invalid_scope:
    'Check --oidc-extra-scope: the provider does not know or does not allow one of them.',
  unsupported_grant_type: 'Allow this grant type for the client at the provider.',
}

/**
 * What to do when a provider misses PKCE, or does not know it. Not every one tells beforehand what it
 * demands: Keycloak says `Missing parameter: code_challenge_method`.
 *
 * @param description the provider's words
 */
export function pkceHint(description: string | null | undefined): string | undefined {
  if (!/code_challenge|code_verifier|code verifier|pkce/i.test(description ?? '')) return undefined
  return 'This is about PKCE: give --oidc-pkce-method=S256 when the client demands it, or "no" when the provider does not know it.'
}

/**
 * What the provider says of its refusal. An attacker may have chosen the text, and an honest provider
 * may quote what it refuses.
 */
export function describeRefusal(code: string, description?: string | undefined): string {
  const reason = printable(code)
  if (!description) return reason
  return `${reason} (${printable(withoutSecrets(description), 300).replace(/\.$/, '')})`
}

function unavailable(status: number, said: string): OidcLoginError {
  return new OidcLoginError(
    'provider_unavailable',
    `The provider is unavailable: ${said}, status ${status}.`,
    {
      hint: 'Try again in a moment.',
    },
  )
}

function fromClientError(error: ClientError, step: ProviderStep, issuer: string): OidcLoginError {
  const status = responseStatus(error.cause)
  if (status !== undefined && (status >= 500 || status === 429)) {
    return unavailable(status, `the ${step} failed`)
  }
  if (/JWT/.test(innerMessage(error))) return badToken(error)
  switch (error.code) {
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
      return notAProvider(
        `its answer to the ${step} is not what a provider sends${statusText(status)}`,
        issuer,
      )
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return wrongIssuer(attributeOf(attributeOf(error.cause, 'body'), 'issuer'), issuer)
    case 'OAUTH_MISSING_SERVER_METADATA':
    case 'OAUTH_INVALID_SERVER_METADATA':
      return notAProvider('its discovery document lacks an endpoint that is needed', issuer)
    case 'OAUTH_HTTP_REQUEST_FORBIDDEN':
      return notAProvider('it names an endpoint that is not https', issuer)
    default:
      return badToken(error)
  }
}

/** Makes the error for answers and metadata that no OpenID provider gives. */
export function notAProvider(why: string, issuer: string): OidcLoginError {
  return new OidcLoginError(
    'provider_response_invalid',
    `${issuer} does not work as an OpenID Connect provider: ${why}.`,
    {
      hint: `Check the issuer URL: ${issuer.replace(/\/$/, '')}/.well-known/openid-configuration must be a JSON document.`,
    },
  )
}

/**
 * The discovery document is that of another issuer (OpenID Connect Discovery §4.3).
 *
 * @param named what the document names, unparsed
 */
export function wrongIssuer(named: unknown, issuer: string): OidcLoginError {
  const other = typeof named === 'string' ? printable(named) : 'none'
  return new OidcLoginError(
    'provider_response_invalid',
    `The discovery document of ${issuer} names another issuer: ${other}.`,
    {
      hint: 'Use exactly the issuer URL that the provider names, with or without a slash at its end.',
    },
  )
}

/** The provider answered, but with a token that must not be believed. */
function badToken(error: ClientError): OidcLoginError {
  const claim =
    attributeOf(error.cause, 'claim') ?? attributeOf(attributeOf(error.cause, 'cause'), 'claim')
  const details = innerMessage(error)
  if (claim === 'exp') {
    return invalidToken('it has expired already', 'Check the clock of this computer.')
  }
  if (typeof claim === 'string') return invalidToken(`its claim "${claim}" is wrong`)
  if (error.code === 'OAUTH_KEY_SELECTION_FAILED') {
    return invalidToken('it is signed with a key that the provider does not publish')
  }
  if (/signature/i.test(details)) return invalidToken('its signature is wrong')
  if (/"alg"/.test(details))
    return invalidToken('it is signed with an algorithm that is not allowed')
  if (/JWT|ID Token/.test(details)) return invalidToken('it is malformed or lacks a claim')
  return new OidcLoginError(
    'provider_response_invalid',
    'The answer of the token endpoint is not what RFC 6749 §5.1 demands.',
    { hint: 'Run again with -v2 to see which requests were made.' },
  )
}

/** The signing keys cannot be had, so no token could be verified. */
export function keysUnavailable(status: number, issuer: string): OidcLoginError {
  if (status >= 500 || status === 429) return unavailable(status, 'its signing keys cannot be had')
  return notAProvider(`its signing keys cannot be had (status ${status})`, issuer)
}

/** Makes the error for a token that was issued but must not be believed. */
export function invalidToken(why: string, hint?: string): OidcLoginError {
  return new OidcLoginError(
    'token_invalid',
    `The provider issued a token that cannot be trusted: ${why}.`,
    {
      hint: hint ?? 'Tell the operator of the provider. Nothing was kept.',
    },
  )
}

/** Only the library's own fixed sentences, which quote no value of the answer. */
function innerMessage(error: ClientError): string {
  const inner = error.cause instanceof Error ? error.cause.message : ''
  return `${error.message} ${inner}`
}

function responseStatus(cause: unknown): number | undefined {
  return cause instanceof Response ? cause.status : undefined
}

function statusText(status: number | undefined): string {
  return status === undefined ? '' : ` (status ${status})`
}

function attributeOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
