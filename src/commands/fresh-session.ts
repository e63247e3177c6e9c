import { isFresh, type ReadOutcome, type Session } from '../session/index.ts'

/**
 * The stored session, when it may be handed out as it is: it is in the place where it belongs, was issued
 * for the tokens that are presented now, and is fresh.
 *
 * @param proof digest of the tokens that are presented: what was issued for others is another's, although
 *   it has the same name
 * @param now milliseconds since the epoch
 */
export function freshSession(
  stored: ReadOutcome,
  proof: string | undefined,
  now: number,
): Session | undefined {
  if (stored.kind !== 'found' || stored.isMisplaced) return undefined
  const { session } = stored
  return session.proof === proof && isFresh(session, now) ? session : undefined
}
