import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

/** How things went that were done at a rate. */
export interface Tally {
  /** From the moment at which each was due to its good end, in milliseconds, ascending. */
  readonly latenciesMs: readonly number[]
  /** How often what went wrong. */
  readonly errors: ReadonlyMap<string, number>
  /** Good ends a second, until the last one. */
  readonly perSecond: number
  /** By how many milliseconds one of them was begun late: more than a few are the fault of this computer. */
  readonly lateMs: number
}

/**
 * Does something at a rate, whether or not it keeps up: what is late counts from the moment at which it was due, so
 * a pause of the gateway is seen by all that would have come in it.
 *
 * @param count how often it is done
 */
export async function atRate(
  perSecond: number,
  count: number,
  act: (index: number) => Promise<void>,
): Promise<Tally> {
  const latenciesMs: number[] = []
  const errors = new Map<string, number>()
  const underWay: Promise<void>[] = []
  let lateMs = 0
  const startedAt = performance.now()
  const once = async (index: number, dueAt: number): Promise<void> => {
    try {
      await act(index)
      latenciesMs.push(performance.now() - dueAt)
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      errors.set(what, (errors.get(what) ?? 0) + 1)
    }
  }
  for (let index = 0; index < count; index += 1) {
    const dueAt = startedAt + (index * 1000) / perSecond
    const waitMs = dueAt - performance.now()
    await (waitMs > 1 ? sleep(waitMs) : turn())
    lateMs = Math.max(lateMs, performance.now() - dueAt)
    underWay.push(once(index, dueAt))
  }
  await Promise.all(underWay)
  const tookSec = Math.max(performance.now() - startedAt, 1) / 1000
  latenciesMs.sort((left, right) => left - right)
  return { latenciesMs, errors, perSecond: latenciesMs.length / tookSec, lateMs }
}

/** What a share of them did not exceed: 0.5 is the median. NaN when there are none. */
export function percentile({ latenciesMs }: Tally, share: number): number {
  return latenciesMs[Math.ceil(latenciesMs.length * share) - 1] ?? Number.NaN
}
