import { join } from 'node:path'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { SessionKey, SessionStore } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { acquireLock, type Lock, type LockHolder } from './lock.ts'

/** What is locked, and how long others may take. */
export interface Exclusive {
  readonly system: System
  /** Whose folder the lock lies in. */
  readonly store: Pick<SessionStore, 'folder'>
  /** What the lock is named after. */
  readonly key: Pick<SessionKey, 'name'>
  /** What those who wait are told: "which has been …". */
  readonly purpose: string
  /** How long to wait for another process. */
  readonly timeoutMs: number
  /** How long the action may take at most. */
  readonly holdAtMostMs: number
}

/**
 * Runs `action` while no other process works on the same session. Where no lock can be had because
 * nothing can be written, the action runs without: keeping its result will fail, and is reported.
 *
 * @throws OidcLoginError `lock_timed_out`, `interrupted`, and what `action` throws
 */
export async function whileLocked<T>(what: Exclusive, action: () => Promise<T>): Promise<T> {
  const { folder } = what.store
  if (folder === undefined) return await action()
  const lock = await lockFolder(what, folder)
  try {
    return await action()
  } finally {
    lock?.release()
  }
}

async function lockFolder(what: Exclusive, folder: string): Promise<Lock | undefined> {
  const { system, key, purpose, timeoutMs, holdAtMostMs } = what
  try {
    system.files.makePrivateFolder(folder)
    return await acquireLock(system, {
      path: join(folder, `${key.name}.lock`),
      purpose,
      timeoutMs,
      holdAtMostMs,
      onWait: (holder) => system.terminal.stderr(describeWait(holder, system.clock.now())),
    })
  } catch (error) {
    if (error instanceof OidcLoginError) throw error
    system.log.trace(1, () => `no lock in ${folder}: ${systemErrorCode(error) ?? 'unknown error'}`)
    return undefined
  }
}

/** What somebody is told who waits: for whom, and since when that one has the lock. */
export function describeWait(holder: LockHolder, now: number): string {
  const where = holder.isOnThisMachine ? '' : ` on ${holder.machine}`
  const seconds = Math.max(0, Math.round((now - holder.since) / 1000))
  return `Waiting for process ${holder.pid}${where}, which has been ${holder.purpose} for ${seconds} seconds.`
}
