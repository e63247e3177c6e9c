import { OidcLoginError } from '../errors.ts'
import { inSeconds } from '../seconds.ts'
import type { LockHolder } from './owner.ts'

/** A wait for a lock. */
export interface LockWait {
  /** The lock file. */
  readonly path: string
  /** Who has it, as far as that is known. */
  readonly holder: LockHolder | undefined
  /** How long the wait has lasted. */
  readonly waitedMs: number
}

/**
 * The error `lock_timed_out`: names the holder, what it does, and what to do about it.
 *
 * @param now milliseconds since the epoch
 */
export function lockTimedOut({ path, holder, waitedMs }: LockWait, now: number): OidcLoginError {
  const patience = `Waiting for it ended after ${inSeconds(waitedMs)}.`
  if (holder === undefined) {
    return new OidcLoginError('lock_timed_out', `Another process holds ${path}. ${patience}`, {
      hint: `Try again, or delete ${path} if no other kubectl runs.`,
    })
  }
  const place = holder.isOnThisMachine ? '' : ` on machine ${holder.machine}`
  const held = inSeconds(now - holder.since)
  return new OidcLoginError(
    'lock_timed_out',
    `Process ${holder.pid}${place} has been ${holder.purpose} for ${held}. ${patience}`,
    {
      hint: `Wait until it is done, end process ${holder.pid}${place}, or delete ${path} if no such process runs.`,
    },
  )
}

/** The error `interrupted`, during a wait for a lock. */
export function interruptedWait(holder: LockHolder | undefined): OidcLoginError {
  const whom = holder === undefined ? 'another process' : `process ${holder.pid}`
  return new OidcLoginError('interrupted', `Interrupted while waiting for ${whom}.`)
}
