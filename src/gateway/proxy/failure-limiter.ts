import type { Clock } from '../../system/index.ts'
import { sourceOf } from './source.ts'

/** Counts refused credentials of each address, so that guessing costs the guesser and not us (rule G3). */
export interface FailureLimiter {
  /** Whether an address has to wait before anything of it is looked at. */
  isBlocked(address: string): boolean
  failed(address: string): void
}

/** An address that is not remembered starts anew, so forgetting is never a refusal. */
const maxAddresses = 10_000

/**
 * A bucket for each address: it holds one second's worth of failures and fills by as much each second.
 *
 * @param maxPerSecond 0 for no limit
 */
export function createFailureLimiter(clock: Clock, maxPerSecond: number): FailureLimiter {
  const buckets = new Map<string, { failures: number; at: number }>()

  function failuresOf(address: string, now: number): number {
    const bucket = buckets.get(address)
    if (!bucket) return 0
    const drained = (Math.max(0, now - bucket.at) / 1000) * maxPerSecond
    return Math.max(0, bucket.failures - drained)
  }

  return {
    isBlocked(address) {
      if (maxPerSecond === 0) return false
      return failuresOf(sourceOf(address), clock.now()) >= maxPerSecond
    },
    failed(address) {
      const key = sourceOf(address)
      const now = clock.now()
      const failures = failuresOf(key, now) + 1
      // Deleting first moves it to the end: the address that failed longest ago is forgotten first.
      buckets.delete(key)
      buckets.set(key, { failures, at: now })
      const [oldest] = buckets.keys()
      if (buckets.size > maxAddresses && oldest !== undefined) buckets.delete(oldest)
    },
  }
}
