import type { IncomingMessage, ServerResponse } from 'node:http'
import { commit, type Fault, isFault, sendReply } from './provider-faults.ts'
import { type RecordedRequest, readForm, urlOf } from './provider-requests.ts'
import { randomToken } from './scripted-provider-grants.ts'
import type { Json, Outcome } from './scripted-provider-hooks.ts'
import {
  answerTokenRequest,
  readTokenRequest,
  type TokenIssuer,
} from './scripted-provider-tokens.ts'

/** The endpoints of the scripted provider. */
export type ScriptedEndpoint =
  | 'discovery'
  | 'authorization'
  | 'token'
  | 'jwks'
  | 'revocation'
  | 'device_authorization'
  | 'end_session'
  | 'other'

/** A request, its record, and the answer to be. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly recorded: RecordedRequest<ScriptedEndpoint>
}

const endpointOfPath: Readonly<Record<string, ScriptedEndpoint>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/authorize': 'authorization',
  '/token': 'token',
  '/jwks': 'jwks',
  '/revoke': 'revocation',
  '/device_authorization': 'device_authorization',
  '/logout': 'end_session',
}

/** Which endpoint a path leads to. The path is relative to the issuer. */
export function scriptedEndpointOf(path: string): ScriptedEndpoint {
  return endpointOfPath[path] ?? 'other'
}

/** Answers a request as its endpoint does, altered by the hook of a test. */
export async function answer(provider: TokenIssuer, exchange: Exchange): Promise<void> {
  const { issuer, hooks, keys, grants } = provider
  const { request, response, recorded } = exchange
  switch (recorded.endpoint) {
    case 'discovery': {
      const document = discoveryDocument(issuer)
      return await send(exchange, document, hooks.discovery?.(document))
    }
    case 'jwks': {
      const document = { keys: [keys.publicJwk] }
      return await send(exchange, document, hooks.jwks?.(document))
    }
    case 'authorization':
      return await authorize(provider, exchange)
    case 'token': {
      const tokenRequest = await readTokenRequest(request)
      recorded.grantType = tokenRequest.grantType
      const honest = await answerTokenRequest(provider, tokenRequest)
      return await send(exchange, honest, hooks.token?.(tokenRequest, honest))
    }
    case 'revocation':
      return await send(exchange, {}, hooks.revoke?.(await readForm(request), {}))
    case 'device_authorization': {
      const form = await readForm(request)
      const honest = deviceAuthorization(issuer, grants.issueDeviceCode(form))
      return await send(exchange, honest, hooks.authorizeDevice?.(form, honest))
    }
    case 'end_session':
      return sendReply(response, { status: 200, body: '<p>Your session has ended.</p>' })
    case 'other':
      return sendReply(response, { status: 404, body: { error: 'not_found' } })
  }
}

async function authorize(provider: TokenIssuer, exchange: Exchange): Promise<void> {
  const query = urlOf(exchange.request).searchParams
  const isProtected = query.get('code_challenge_method') === 'S256'
  const honest: Readonly<Record<string, string | undefined>> = {
    ...(isProtected ? { code: provider.grants.issueCode(query) } : { error: 'invalid_request' }),
    state: query.get('state') ?? undefined,
    iss: provider.issuer,
  }
  const parameters = await decide(exchange, honest, provider.hooks.authorize?.(honest, query))
  if (!parameters) return
  const target = new URL(query.get('redirect_uri') ?? '')
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) target.searchParams.set(name, value)
  }
  sendReply(exchange.response, { status: 302, headers: { location: target.href } })
}

async function send(
  exchange: Exchange,
  honest: Json,
  hooked: Outcome<Json> | undefined,
): Promise<void> {
  const body = await decide(exchange, honest, hooked)
  if (body) sendReply(exchange.response, { status: 'error' in body ? 400 : 200, body })
}

/** What is to be sent; nothing when a fault has taken the place of the answer. */
async function decide<Document extends object>(
  { request, response }: Exchange,
  honest: Document,
  hooked: Document | Fault | Promise<Document | Fault> | undefined,
): Promise<Document | undefined> {
  const outcome = (await hooked) ?? honest
  if (!isFault(outcome)) return outcome
  return (await commit(outcome, request, response)) ? honest : undefined
}

function discoveryDocument(issuer: string): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    revocation_endpoint: `${issuer}/revoke`,
    device_authorization_endpoint: `${issuer}/device_authorization`,
    end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    authorization_response_iss_parameter_supported: true,
  }
}

function deviceAuthorization(issuer: string, deviceCode: string): Json {
  const userCode = randomToken().slice(0, 8).toUpperCase()
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${issuer}/device`,
    verification_uri_complete: `${issuer}/device?user_code=${userCode}`,
    expires_in: 600,
    interval: 1,
  }
}
