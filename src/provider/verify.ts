import { createHash, timingSafeEqual } from 'node:crypto'
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'
import type { Clock } from '../system/index.ts'
import { invalidToken } from './errors.ts'
import type { IdToken, TokenSet } from './tokens.ts'

/** How far ahead of our clock the provider's may be. */
const toleratedClockSkewMs = 5 * 60_000

/** No token lives longer than this; a claim that says so counts something else than seconds. */
const longestLifetimeMs = 10 * 365 * 24 * 3_600_000

/**
 * Makes a TokenSet of a token response whose ID token's signature, `iss`, `aud`, `azp` and `exp`
 * openid-client has verified, after two checks that it leaves to us: `at_hash` and an `iat` in the
 * future.
 *
 * @throws OidcLoginError `token_invalid`
 */
export function verifiedTokens(
  system: { readonly clock: Pick<Clock, 'now'> },
  response: TokenEndpointResponse & TokenEndpointResponseHelpers,
): TokenSet {
  const now = system.clock.now()
  const claims = response.claims()
  const idToken =
    response.id_token === undefined || claims === undefined
      ? undefined
      : checkedIdToken(now, response.id_token, claims, response.access_token)
  const lifetimeSec = response.expiresIn()
  return {
    idToken,
    accessToken: response.access_token,
    accessTokenExpiresAt:
      lifetimeSec === undefined ? undefined : now + Math.min(lifetimeSec * 1000, longestLifetimeMs),
    refreshToken: response.refresh_token,
  }
}

/** The claims that an ID token must have (OpenID Connect Core §2), and others. */
type Claims = Readonly<Record<string, unknown>> & {
  readonly sub: string
  readonly iat: number
  readonly exp: number
}

/**
 * Makes an IdToken of a token whose signature, `iss`, `aud` and `exp` have been verified, after the
 * checks that are left.
 *
 * @param accessToken the one that was issued with it, when there is one
 * @throws OidcLoginError `token_invalid`
 */
export function checkedIdToken(
  now: number,
  raw: string,
  claims: Claims,
  accessToken?: string,
): IdToken {
  const issuedAt = claims.iat * 1000
  if (claims.exp * 1000 > now + longestLifetimeMs) {
    throw invalidToken('its claim "exp" is more than ten years away; it counts seconds')
  }
  if (issuedAt > now + toleratedClockSkewMs) throw fromTheFuture(issuedAt, now)
  const isBound = claims.at_hash !== undefined && accessToken !== undefined
  if (isBound && !matches(claims.at_hash, accessToken, algorithmOf(raw))) {
    throw invalidToken('its claim "at_hash" does not belong to the access token')
  }
  return {
    raw,
    subject: claims.sub,
    username: nameOf(claims),
    expiresAt: claims.exp * 1000,
    issuedAt,
  }
}

function fromTheFuture(issuedAt: number, now: number): Error {
  const aheadMin = Math.round((issuedAt - now) / 60_000)
  return invalidToken(
    `it is dated ${aheadMin} minutes in the future`,
    `The clock of this computer or that of the provider is wrong; here it is ${new Date(now).toISOString()}.`,
  )
}

function nameOf(claims: Claims): string | undefined {
  const names = [claims.preferred_username, claims.email, claims.name]
  return names.find((name) => typeof name === 'string' && name !== '')?.toString()
}

/** The left half of the access token's hash (OpenID Connect Core §3.1.3.6). */
function matches(atHash: unknown, accessToken: string, algorithm: string): boolean {
  if (typeof atHash !== 'string') return false
  const digest = createHash(digestOf(algorithm)).update(accessToken, 'ascii').digest()
  const expected = digest.subarray(0, digest.length / 2)
  const given = Buffer.from(atHash, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** RS256, PS256, ES256 name their hash; EdDSA with Ed25519 uses SHA-512 (RFC 8032 §5.1). */
function digestOf(algorithm: string): string {
  const bits = /(256|384|512)$/.exec(algorithm)?.[1]
  return bits === undefined ? 'sha512' : `sha${bits}`
}

function algorithmOf(jwt: string): string {
  const header: unknown = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())
  const alg: unknown =
    typeof header === 'object' && header !== null && 'alg' in header ? header.alg : undefined
  return typeof alg === 'string' ? alg : ''
}
