import { hash } from 'node:crypto'
import type { Clock } from '../../system/index.ts'
import type { Identity } from '../identity/index.ts'
import type { VerifiedToken } from './provider.ts'

/** Identities of tokens that were verified a moment ago (rule C29). */
export interface TokenCache {
  /** The name of a token in the cache: its SHA-256, so that no token is kept in memory. */
  keyOf(token: string): string
  /** Whose token it is; undefined when it was not verified lately, or has expired. */
  get(key: string): Identity | undefined
  set(key: string, verified: VerifiedToken): void
}

/** How much is remembered, and how long. */
export interface TokenCacheBounds {
  readonly cacheEntries: number
  readonly cacheSeconds: number
}

interface Entry {
  readonly identity: Identity
  /** On the clock that nobody sets. */
  readonly until: number
  readonly isCurrent: () => boolean
}

/** Makes an empty cache. When it is full, the token that was not used for longest is forgotten. */
export function createTokenCache(bounds: TokenCacheBounds, clock: Clock): TokenCache {
  const entries = new Map<string, Entry>()
  let latest: string | undefined
  return {
    keyOf: (token) => hash('sha256', token, 'base64'),
    get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      const isFresh = clock.elapsed() < entry.until && clock.now() < entry.identity.expiresAt
      if (!isFresh || !entry.isCurrent()) {
        entries.delete(key)
        return undefined
      }
      if (key !== latest) {
        // A Map keeps the order of insertion: the last one is the latest used.
        entries.delete(key)
        entries.set(key, entry)
        latest = key
      }
      return entry.identity
    },
    set(key, { identity, isCurrent }) {
      const until = clock.elapsed() + bounds.cacheSeconds * 1000
      entries.delete(key)
      entries.set(key, { identity, until, isCurrent })
      latest = key
      if (entries.size <= bounds.cacheEntries) return
      const oldest = entries.keys().next()
      if (!oldest.done) entries.delete(oldest.value)
    },
  }
}
