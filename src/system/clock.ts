import { setTimeout as delay } from 'node:timers/promises'

/** The time, and waiting. Instants are milliseconds since the Unix epoch. */
export interface Clock {
  /** The present moment in milliseconds since the Unix epoch. */
  now(): number
  /**
   * Milliseconds since some moment, for durations and deadlines: unlike {@link Clock.now} it does not
   * jump when somebody sets the clock.
   */
  elapsed(): number
  /**
   * Resolves after `durationMs`.
   *
   * @param how `background` lets the process end meanwhile
   * @throws the signal's reason when `signal` is aborted first
   */
  sleep(durationMs: number, signal?: AbortSignal, how?: 'background'): Promise<void>
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(durationMs, signal, how) {
    signal?.throwIfAborted()
    const ref = how !== 'background'
    try {
      await delay(durationMs, undefined, signal ? { signal, ref } : { ref })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
