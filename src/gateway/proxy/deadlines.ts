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
}

/** A computer that slept must notice soon. */
const longestSleepMs = 60_000
/** Streams that end at about the same time end together. */
const shortestSleepMs = 1_000

/** Makes an empty book of deadlines. It sleeps only while there are some. */
export function createDeadlines(clock: Clock): Deadlines {
  const pending = new Set<Deadline>()
  let wake = new AbortController()
  let wakesAt = 0
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (pending.size > 0) {
      const earliest = fireDue(pending, clock.now())
      const pause = Math.min(Math.max(earliest - clock.now(), shortestSleepMs), longestSleepMs)
      wake = new AbortController()
      wakesAt = clock.now() + pause
      if (pending.size > 0) await clock.sleep(pause, wake.signal).catch(() => {})
    }
    isRunning = false
  }

  return {
    add(at, reached) {
      const deadline = { at, reached }
      pending.add(deadline)
      if (!isRunning) void run()
      else if (at < wakesAt) wake.abort()
      return () => void pending.delete(deadline)
    },
    close() {
      pending.clear()
      wake.abort()
    },
  }
}

/** @returns when the next one is due */
function fireDue(pending: Set<Deadline>, now: number): number {
  let earliest = Number.POSITIVE_INFINITY
  for (const deadline of pending) {
    if (deadline.at <= now) {
      pending.delete(deadline)
      deadline.reached()
    } else {
      earliest = Math.min(earliest, deadline.at)
    }
  }
  return earliest
}
