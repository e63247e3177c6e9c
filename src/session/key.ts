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
  const canonical = JSON.stringify({
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
  const digest = sha256Hex(canonical).slice(0, 32)
  return { identity, canonical, name: `${slug(identity)}-${digest}` }
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}

function byName([left]: [string, string], [right]: [string, string]): number {
  return left < right ? -1 : left > right ? 1 : 0
}

const longestSlug = 60

/** Tells `ls` which issuer and client a file belongs to; it need not be unique. */
function slug(identity: SessionIdentity): string {
  const place = identity.issuer.replace(/^https?:\/\//, '')
  return [place, identity.clientId, ...(identity.profile ? [identity.profile] : [])]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, longestSlug)
}
