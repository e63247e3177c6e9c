import type { Clock } from '../../system/index.ts'

/** Moments at which something is to happen, thousands of them on one timer. */
export interface Deadlines {
  /**
   * @param at milliseconds since the epoch
   * @returns forgets it
   */
  add(at: number, reached: () => void): () => void
  close(): void
}

interface Deadline {
  readonly at: number
  readonly reached: () => void
  /** Where it stands in the list. */
  place: number
}

/** A computer that slept must notice soon. */
const longestSleepMs = 60_000
/** Streams that end at about the same time end together. */
const shortestSleepMs = 1_000

/** Makes an empty book of deadlines. It sleeps only while there are some. */
export function createDeadlines(clock: Clock): Deadlines {
  // Most are forgotten a moment after they were made. A Set or an array that shrinks and grows leaves
  // memory behind that keeps them, and all that they know, alive until the next whole collection.
  const pending: (Deadline | undefined)[] = []
  let count = 0
  let wake = new AbortController()
  let wakesAt = 0
  let isRunning = false

  function forget(deadline: Deadline): void {
    if (pending[deadline.place] !== deadline) return
    count -= 1
    const last = pending[count]
    pending[count] = undefined
    if (last === undefined || last === deadline) return
    pending[deadline.place] = last
    last.place = deadline.place
  }

  async function run(): Promise<void> {
    isRunning = true
    while (count > 0) {
      const earliest = fireDue(pending, clock.now(), forget)
      const pause = Math.min(Math.max(earliest - clock.now(), shortestSleepMs), longestSleepMs)
      wake = new AbortController()
      wakesAt = clock.now() + pause
      if (count > 0) await clock.sleep(pause, wake.signal).catch(() => {})
    }
    isRunning = false
  }

  return {
    add(at, reached) {
      const deadline: Deadline = { at, reached, place: count }
      pending[count] = deadline
      count += 1
      if (!isRunning) void run()
      else if (at < wakesAt) wake.abort()
      return () => forget(deadline)
    },
    close() {
      pending.fill(undefined)
      count = 0
      wake.abort()
    },
  }
}

/** @returns when the next one is due */
function fireDue(
  pending: readonly (Deadline | undefined)[],
  now: number,
  forget: (deadline: Deadline) => void,
): number {
  let earliest = Number.POSITIVE_INFINITY
  for (const deadline of [...pending]) {
    // One that is due may have made another one pointless.
    if (deadline === undefined || pending[deadline.place] !== deadline) continue
    if (deadline.at > now) {
      earliest = Math.min(earliest, deadline.at)
    } else {
      forget(deadline)
      deadline.reached()
    }
  }
  return earliest
}
