import { createHash, randomBytes } from 'node:crypto'
import { claimsOf, jane, john } from './provider-accounts.ts'
import type { Json, TokenRequest } from './scripted-provider-hooks.ts'

/** What a grant entitles to. */
export interface Entitlement {
  readonly clientId: string
  /** Claims about the person, `sub` at least. */
  readonly claims: Json
  /** `nonce` of the authorization request. */
  readonly nonce?: string | undefined
}

/** Remembers codes and refresh tokens and redeems them. */
export interface Grants {
  /** Issues a code for an authorization request; John has approved it. */
  issueCode(query: URLSearchParams): string
  /** Issues a device code; John has approved it. */
  issueDeviceCode(form: URLSearchParams): string
  /** Issues a refresh token. */
  issueRefreshToken(entitlement: Entitlement): string
  /** Redeems whatever the request carries, or names the error of RFC 6749 §5.2. */
  redeem(request: TokenRequest): Entitlement | { readonly error: string }
}

interface Code {
  readonly entitlement: Entitlement
  readonly redirectUri: string | null
  readonly challenge: string | null
}

/** Makes an empty memory of grants. Codes and refresh tokens are good for one use. */
export function createGrants(): Grants {
  const codes = new Map<string, Code>()
  const deviceCodes = new Map<string, Entitlement>()
  const refreshTokens = new Map<string, Entitlement>()

  const redeemers: Readonly<Record<string, (request: TokenRequest) => Entitlement | undefined>> = {
    authorization_code({ form }) {
      const code = takeFrom(codes, form.get('code'))
      const isHonest =
        code?.redirectUri === form.get('redirect_uri') &&
        code.challenge === challengeOf(form.get('code_verifier') ?? '')
      return isHonest ? code.entitlement : undefined
    },
    refresh_token: ({ form }) => takeFrom(refreshTokens, form.get('refresh_token')),
    'urn:ietf:params:oauth:grant-type:device_code': ({ form }) =>
      takeFrom(deviceCodes, form.get('device_code')),
    password({ form, clientId }) {
      const account = [john, jane].find(({ username }) => username === form.get('username'))
      if (!account || account.password !== form.get('password')) return undefined
      return { clientId, claims: claimsOf(account) }
    },
    client_credentials: ({ clientId }) => ({ clientId, claims: { sub: clientId } }),
    [jwtBearerGrant]: ({ form, clientId }) => presentedBy(clientId, form.get('assertion')),
    [tokenExchangeGrant]: ({ form, clientId }) => presentedBy(clientId, form.get('subject_token')),
  }

  return {
    issueCode: (query) =>
      putInto(codes, {
        entitlement: {
          clientId: query.get('client_id') ?? '',
          claims: claimsOf(john),
          nonce: query.get('nonce') ?? undefined,
        },
        redirectUri: query.get('redirect_uri'),
        challenge: query.get('code_challenge'),
      }),
    issueDeviceCode: (form) =>
      putInto(deviceCodes, { clientId: form.get('client_id') ?? '', claims: claimsOf(john) }),
    issueRefreshToken: (entitlement) => putInto(refreshTokens, entitlement),
    redeem(request) {
      const redeemer = redeemers[request.grantType]
      if (!redeemer) return { error: 'unsupported_grant_type' }
      const entitlement = redeemer(request)
      if (entitlement?.clientId !== request.clientId) return { error: 'invalid_grant' }
      return entitlement
    },
  }
}

const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** `grant_type` of a token exchange (RFC 8693 §2.1). */
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Whoever presents the text `NAME.anything` is NAME: a token is not verified here. */
function presentedBy(clientId: string, token: string | null): Entitlement | undefined {
  const [sub] = (token ?? '').split('.')
  return sub ? { clientId, claims: { sub } } : undefined
}

/** A random string that nobody can guess. */
export function randomToken(): string {
  return randomBytes(24).toString('base64url')
}

function putInto<Value>(map: Map<string, Value>, value: Value): string {
  const token = randomToken()
  map.set(token, value)
  return token
}

function takeFrom<Value>(map: Map<string, Value>, token: string | null): Value | undefined {
  const value = map.get(token ?? '')
  map.delete(token ?? '')
  return value
}

/** RFC 7636 §4.2. */
function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
