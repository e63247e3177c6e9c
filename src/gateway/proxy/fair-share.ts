import type { Identity } from '../identity/index.ts'

/** How long a request is expected to last: those that run for hours do not count against the others. */
export type ShareKind = 'short' | 'long'

/** Keeps one user from holding all connections to the API server (rule G4). */
export interface FairShare {
  /**
   * Counts a request that is about to be forwarded.
   *
   * @returns forgets it; undefined when the user has as many under way as one may have
   */
  take(identity: Identity, kind: ShareKind): (() => void) | undefined
}

/**
 * Makes the book. A user is his provider and his whole name: two providers may know a `john` each (rule
 * A26).
 *
 * @param maxConnections of each kind that there are for all; one user gets at most half of them
 */
export function createFairShare(maxConnections: number): FairShare {
  const most = Math.max(1, Math.floor(maxConnections / 2))
  const counts = new Map<string, number>()
  return {
    take(identity, kind) {
      const who = nameOf(identity, kind)
      const count = counts.get(who) ?? 0
      if (count >= most) return undefined
      counts.set(who, count + 1)
      return () => {
        const left = (counts.get(who) ?? 1) - 1
        if (left > 0) counts.set(who, left)
        else counts.delete(who)
      }
    },
  }
}

const names = new WeakMap<Identity, string>()

function nameOf(identity: Identity, kind: ShareKind): string {
  const known = names.get(identity)
  const name = known ?? JSON.stringify([identity.issuer, identity.user.username])
  if (known === undefined) names.set(identity, name)
  return kind + name
}
