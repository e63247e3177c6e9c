import type { System } from '../system/index.ts'
import { attemptLock, giveBackLock } from './attempt.ts'
import { toleratingBusyFiles } from './busy-files.ts'
import { interruptedWait, lockTimedOut } from './errors.ts'
import { sweepLitter } from './litter.ts'
import { holderOf, isOwnerDead, type LockHolder, newLockOwner } from './owner.ts'
import type { LockRecord } from './record.ts'

export type { LockHolder } from './owner.ts'

/** Which lock is wanted, what for, and how long it may take. */
export interface LockRequest {
  /** The lock file; its folder exists. It lies beside what it protects, and is never that file. */
  readonly path: string
  /** What this process does under the lock, shown to those who wait: `signing in`. */
  readonly purpose: string
  /** How long to wait for another holder. */
  readonly timeoutMs: number
  /**
   * This process promises to be done by then. Where nobody can see whether it still runs (from another
   * machine; outside Linux, where process ids are given again), it is taken for dead one minute later.
   */
  readonly holdAtMostMs: number
  /** Called at most once, when the wait has lasted for a second. */
  readonly onWait?: (holder: LockHolder) => void
}

/** A lock that this process holds. */
export interface Lock {
  /** Gives the lock back, unless another process has it by now. Never fails; a second call does nothing. */
  release(): void
}

/** The doors that a lock needs. */
export type LockSystem = Pick<System, 'clock' | 'files' | 'process' | 'interrupted'>

const untilToldMs = 1_000
const shortestPauseMs = 10
const longestPauseMs = 200

/**
 * Waits until this process alone holds a lock. A lock whose owner has died is taken over at once.
 *
 * @throws OidcLoginError `lock_timed_out` when another process holds it for longer than `timeoutMs`
 * @throws OidcLoginError `interrupted`
 * @throws the system errors of {@link System.files} (`EACCES`, `EROFS`, `ENOSPC` …)
 */
export async function acquireLock(system: LockSystem, request: LockRequest): Promise<Lock> {
  const { path, timeoutMs } = request
  const attempt = attempts(system, request)
  const beganAt = system.clock.elapsed()
  let holder: LockHolder | undefined
  let isTold = false
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    if (system.interrupted.aborted) throw interruptedWait(holder)
    const outcome = attempt()
    if (outcome.kind === 'acquired') return outcome.lock
    if (outcome.kind === 'held') holder = outcome.holder
    const waitedMs = system.clock.elapsed() - beganAt
    if (waitedMs >= timeoutMs) {
      throw lockTimedOut({ path, holder, waitedMs }, system.clock.now())
    }
    if (!isTold && holder !== undefined && waitedMs >= untilToldMs) {
      isTold = true
      request.onWait?.(holder)
    }
    await pause(system, Math.min(jittered(pauseMs), timeoutMs - waitedMs), holder)
  }
}

type Outcome =
  | { readonly kind: 'acquired'; readonly lock: Lock }
  | { readonly kind: 'held'; readonly holder: LockHolder | undefined }
  | { readonly kind: 'changed' }

/** Attempts at one lock, all under the same token. */
function attempts(system: LockSystem, request: LockRequest): () => Outcome {
  const { files, clock } = system
  const { path, purpose, holdAtMostMs } = request
  const owner = newLockOwner(system.process.pid)
  const here = owner.machine
  const surroundings = {
    files,
    now: () => clock.now(),
    isOwnerDead: (record: LockRecord) => isOwnerDead(record, here, clock.now()),
  }
  const attempt = toleratingBusyFiles(system, () => {
    const since = clock.now()
    return attemptLock(surroundings, path, {
      ...owner,
      since,
      until: since + holdAtMostMs,
      purpose,
    })
  })
  let isFirst = true
  return () => {
    const outcome = attempt()
    const isContended = !isFirst
    isFirst = false
    if (outcome.kind === 'held') {
      return { kind: 'held', holder: outcome.holder && holderOf(outcome.holder, here) }
    }
    if (outcome.kind !== 'acquired') return outcome
    if (isContended || outcome.isTakeover) sweepLitter(files, path, clock.now())
    return { kind: 'acquired', lock: heldLock(system, path, owner.token) }
  }
}

function heldLock({ files }: LockSystem, path: string, token: string): Lock {
  return { release: () => giveBackLock(files, path, token) }
}

function jittered(pauseMs: number): number {
  return pauseMs * (0.5 + Math.random())
}

async function pause(
  system: LockSystem,
  durationMs: number,
  holder: LockHolder | undefined,
): Promise<void> {
  try {
    await system.clock.sleep(durationMs, system.interrupted)
  } catch (error) {
    if (system.interrupted.aborted) throw interruptedWait(holder)
    throw error
  }
}
