import type { TokenSettings } from '../config/index.ts'
import type { JsonObject } from '../json/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import { faultOfNames } from './claim-names.ts'
import { faultOfSources } from './claim-sources.ts'
import type { CompactJws } from './compact-jws.ts'

/** What the rules compare a token with. */
export interface TokenExpectations {
  readonly audiences: readonly string[]
  readonly settings: TokenSettings
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Checks what a token says of itself: its class, whom it is for, and when it is valid (rules C9–C14).
 * It says nothing about whether the token can be believed: that is the signature's part.
 *
 * @returns why it is refused; undefined when it is not
 */
export function faultOfToken(token: CompactJws, expected: TokenExpectations): Refusal | undefined {
  return (
    faultOfTexts(token.claims) ??
    faultOfNames(token.claims) ??
    faultOfSources(token.claims) ??
    faultOfClass(token, expected.settings) ??
    faultOfAudience(token.claims, expected) ??
    faultOfTimes(token.claims, expected)
  )
}

/**
 * When a token ends, in milliseconds since the epoch.
 *
 * @returns undefined when it does not say so with a number
 */
export function expiryOf(claims: JsonObject): number | undefined {
  const expiry = claims.get('exp')
  return typeof expiry === 'number' ? expiry * 1000 : undefined
}

/** Claims of OpenID Connect that are text wherever they are: kube-apiserver cannot even read others. */
const textClaims = ['sub', 'nonce', 'at_hash']

function faultOfTexts(claims: JsonObject): Refusal | undefined {
  const wrong = textClaims.find((name) => {
    const value = claims.get(name) ?? ''
    return typeof value !== 'string'
  })
  if (wrong === undefined) return undefined
  return refused('token_malformed', `The claim ${wrong} of the token is not text.`)
}

/** Classes that Keycloak names in the claim `typ`; an ID token's is `ID`. */
const otherClasses = new Set(['bearer', 'dpop', 'refresh', 'offline', 'logout', 'serialized-id'])

function faultOfClass({ type, claims }: CompactJws, settings: TokenSettings): Refusal | undefined {
  if (settings.tokenType === 'any') return undefined
  const mediaType = type?.toLowerCase().replace(/^application\//, '')
  const ownClass = claims.get('typ')
  const isOther = typeof ownClass === 'string' && otherClasses.has(ownClass.toLowerCase())
  if ((mediaType === undefined || mediaType === 'jwt') && !isOther && !claims.has('events')) {
    return undefined
  }
  return refused(
    'token_class_refused',
    'The token is not an ID token. Sign in so that an ID token is sent.',
  )
}

function faultOfAudience(
  claims: JsonObject,
  { audiences, settings }: TokenExpectations,
): Refusal | undefined {
  const value = claims.get('aud')
  const given: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isText = given.length > 0 && given.every((audience) => typeof audience === 'string')
  if (!isText || !audiences.some((audience) => given.includes(audience))) {
    return refused('token_audience_refused', 'The token is not meant for this cluster.')
  }
  const party = claims.get('azp')
  const { authorizedParties } = settings
  if (party === undefined && given.length === 1 && authorizedParties.length === 0) return undefined
  const isAllowed =
    typeof party === 'string' &&
    (authorizedParties.length === 0 || authorizedParties.includes(party))
  return isAllowed
    ? undefined
    : refused('token_audience_refused', 'The token was issued to a client that is not accepted.')
}

function faultOfTimes(
  claims: JsonObject,
  { settings, now }: TokenExpectations,
): Refusal | undefined {
  const expiry = expiryOf(claims)
  if (expiry === undefined || expiry > Number.MAX_SAFE_INTEGER * 1000) {
    return refused('token_malformed', 'The token does not say when it expires.')
  }
  if (now >= expiry) return refused('token_expired', 'The token has expired. Sign in again.')
  for (const name of ['nbf', 'iat']) {
    const start = claims.get(name)
    if (start === undefined) continue
    if (typeof start !== 'number') {
      return refused('token_malformed', `The claim ${name} of the token is not a number.`)
    }
    if ((start - settings.notBeforeLeewaySeconds) * 1000 > now) {
      const message =
        'The token is not valid yet. Check the clocks of the provider and the gateway.'
      return refused('token_not_yet_valid', message)
    }
  }
  return undefined
}

function refused(reason: Refusal['reason'], message: string): Refusal {
  return refuse(401, reason, message)
}
