import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { JWTPayload } from 'jose'
import { readForm } from './provider-requests.ts'
import { type Entitlement, type Grants, randomToken } from './scripted-provider-grants.ts'
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
  const isPerson = request.grantType !== 'client_credentials'
  return {
    token_type: 'Bearer',
    access_token: accessToken,
    expires_in: tokens.idTokenTtlSec,
    id_token: await signIdToken(tokens, request, { entitlement, accessToken }),
    ...(isPerson ? { refresh_token: tokens.grants.issueRefreshToken(entitlement) } : {}),
  }
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
    aud: clientId,
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
