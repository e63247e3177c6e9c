import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { JWTPayload } from 'jose'
import { readForm } from './provider-requests.ts'
import {
  type Entitlement,
  type Grants,
  randomToken,
  tokenExchangeGrant,
} from './scripted-provider-grants.ts'
import type { Json, ScriptedHooks, TokenRequest } from './scripted-provider-hooks.ts'
import { accessTokenHash, type ScriptedKeys, signHonestly } from './scripted-provider-keys.ts'

/** What tokens are made from. */
export interface TokenIssuer {
  readonly issuer: string
  readonly idTokenTtlSec: number
  readonly keys: ScriptedKeys
  readonly grants: Grants
  readonly hooks: ScriptedHooks
}

/** Reads a request to the token endpoint. The client's secret is not verified. */
export async function readTokenRequest(request: IncomingMessage): Promise<TokenRequest> {
  const form = await readForm(request)
  const { authorization } = request.headers
  return {
    form,
    grantType: form.get('grant_type') ?? '',
    clientId: form.get('client_id') ?? basicUsername(authorization) ?? '',
    authorization,
    certificate: commonNameOf(request),
  }
}

function commonNameOf({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  return String(socket.getPeerCertificate().subject.CN)
}

/** Makes the honest token response (RFC 6749 §5, OpenID Connect Core §3.1.3.3). */
export async function answerTokenRequest(
  tokens: TokenIssuer,
  request: TokenRequest,
): Promise<Json> {
  const entitlement = tokens.grants.redeem(request)
  if ('error' in entitlement) return entitlement
  const accessToken = randomToken()
  const idToken = await signIdToken(tokens, request, { entitlement, accessToken })
  const issuedType = issuedTokenType(request)
  if (issuedType?.endsWith(':id_token')) {
    return { token_type: 'N_A', access_token: idToken, issued_token_type: issuedType }
  }
  const isPerson = !machineGrant.test(request.grantType)
  return {
    token_type: 'Bearer',
    access_token: accessToken,
    expires_in: tokens.idTokenTtlSec,
    id_token: idToken,
    ...(issuedType ? { issued_token_type: issuedType } : {}),
    ...(isPerson ? { refresh_token: tokens.grants.issueRefreshToken(entitlement) } : {}),
  }
}

const machineGrant = /client_credentials|jwt-bearer|token-exchange/

/** RFC 8693 §2.2.1; an access token unless another type was asked for. */
function issuedTokenType({ grantType, form }: TokenRequest): string | undefined {
  if (grantType !== tokenExchangeGrant) return undefined
  return form.get('requested_token_type') ?? 'urn:ietf:params:oauth:token-type:access_token'
}

/** An ID token that is the issued token is for the audience that was asked for. */
function audienceOf(request: TokenRequest): string | null {
  const isIssued = issuedTokenType(request)?.endsWith(':id_token') === true
  return isIssued ? request.form.get('audience') : null
}

async function signIdToken(
  { issuer, idTokenTtlSec, keys, hooks }: TokenIssuer,
  request: TokenRequest,
  { entitlement, accessToken }: { entitlement: Entitlement; accessToken: string },
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000)
  const { clientId, claims: personal, nonce } = entitlement
  const honest: JWTPayload = {
    iss: issuer,
    aud: audienceOf(request) ?? clientId,
    iat: issuedAt,
    exp: issuedAt + idTokenTtlSec,
    at_hash: accessTokenHash(accessToken),
    ...personal,
    ...(nonce === undefined ? {} : { nonce }),
  }
  const claims = hooks.idTokenClaims?.(honest, request) ?? honest
  const sign = hooks.signIdToken ?? signHonestly
  return await sign(claims, { ...keys.header }, keys)
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
function basicUsername(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic (\S+)$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const [username = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return decodeURIComponent(username.replaceAll('+', ' '))
}
