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
   * @throws the signal's reason when `signal` is aborted first
   */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(durationMs, signal) {
    signal?.throwIfAborted()
    try {
      await delay(durationMs, undefined, signal ? { signal } : {})
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
