import { sha256Hex } from '../system/index.ts'

/** Which of the two tokens is shown to the API server. */
export type TokenKind = 'id_token' | 'access_token'

/** What makes two sign-ins the same session. It holds no secret and no path. */
export interface SessionIdentity {
  /** Issuer URL, as configured. */
  readonly issuer: string
  /** OAuth client id. */
  readonly clientId: string
  /** Scopes that were asked for; their order does not matter. */
  readonly scopes: readonly string[]
  /** The token that the API server gets. */
  readonly tokenKind: TokenKind
  /** Extra parameters of the authorization request. */
  readonly extraParameters: Readonly<Record<string, string>>
  /** Who signs in, when that was said beforehand. */
  readonly username?: string | undefined
  /** The grant, when no person signs in: the same client is then somebody else. */
  readonly grant?: string | undefined
  /** A name that keeps several accounts at one client apart. */
  readonly profile?: string | undefined
  /** For which services the token is meant; their order does not matter. */
  readonly audiences?: readonly string[] | undefined
  /** For which URLs the token is meant; their order does not matter. */
  readonly resources?: readonly string[] | undefined
  /** The type of token that an exchange asked for, a URI. */
  readonly requestedTokenType?: string | undefined
}

/** The name under which a session is stored. */
export interface SessionKey {
  /** What the name stands for. */
  readonly identity: SessionIdentity
  /** Sorted and versioned JSON of the identity: equal text means the same session. */
  readonly canonical: string
  /** File name without extension: a readable slug, then a digest of the canonical text. */
  readonly name: string
}

/**
 * Derives the key of a session. It does not depend on the order in which scopes or parameters are
 * given. (int128/kubelogin#1638: a random key made users sign in again and again.)
 */
export function sessionKey(identity: SessionIdentity): SessionKey {
  const canonical = canonicalIdentity(identity)
  const digest = sha256Hex(canonical).slice(0, 32)
  return { identity, canonical, name: `${slug(identity)}-${digest}` }
}

/** {@link SessionKey.canonical} of an identity. */
export function canonicalIdentity(identity: SessionIdentity): string {
  return JSON.stringify({
    version: 1,
    issuer: identity.issuer,
    clientId: identity.clientId,
    scopes: sorted(identity.scopes),
    tokenKind: identity.tokenKind,
    extraParameters: Object.entries(identity.extraParameters).sort(byName),
    // JSON leaves out what is undefined: sessions without it keep their name.
    username: identity.username,
    grant: identity.grant,
    profile: identity.profile,
    audiences: identity.audiences && sorted(identity.audiences),
    resources: identity.resources && sorted(identity.resources),
    requestedTokenType: identity.requestedTokenType,
  })
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}

function byName([left]: [string, string], [right]: [string, string]): number {
  return left < right ? -1 : left > right ? 1 : 0
}

const longestSlug = 60

const [letterA, letterZ, digit0, digit9] = [97, 122, 48, 57]

/**
 * Tells `ls` which issuer and client a file belongs to; it need not be unique. Each run of other characters
 * than letters and digits is one dash, and there is none at either end.
 */
function slug({ issuer, clientId, profile }: SessionIdentity): string {
  const text = `${withoutScheme(issuer)}-${clientId}${profile ? `-${profile}` : ''}`.toLowerCase()
  let words = ''
  let isGap = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const isPart = (code >= letterA && code <= letterZ) || (code >= digit0 && code <= digit9)
    if (!isPart) {
      isGap = words !== ''
      continue
    }
    words += isGap ? `-${text[at]}` : text[at]
    isGap = false
  }
  return words.slice(0, longestSlug)
}

function withoutScheme(issuer: string): string {
  for (const scheme of ['https://', 'http://']) {
    if (issuer.startsWith(scheme)) return issuer.slice(scheme.length)
  }
  return issuer
}
