import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { inSeconds } from '../seconds.ts'
import type { SessionKey, SessionStore } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { acquireLock, type Lock, type LockHolder } from './lock.ts'
import { lockPath, lockPathElsewhere } from './place.ts'

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
 * Runs `action` while no other process works on the same session. Where nothing can be written beside
 * the session, the lock lies in a folder for what lasts no longer than a process: keeping the result will
 * fail, and is reported, but people are asked one after the other. Without either the action runs all
 * the same.
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
  const { system, key } = what
  try {
    system.files.makePrivateFolder(folder)
    return await lockAt(what, lockPath(folder, key))
  } catch (error) {
    if (error instanceof OidcLoginError) throw error
    system.log.trace(1, () => `no lock in ${folder}: ${systemErrorCode(error) ?? 'unknown error'}`)
    return await lockElsewhere(what, folder)
  }
}

async function lockElsewhere(what: Exclusive, folder: string): Promise<Lock | undefined> {
  const { system, key } = what
  const path = lockPathElsewhere(system, folder, key)
  if (path === undefined) return undefined
  try {
    return await lockAt(what, path)
  } catch (error) {
    if (error instanceof OidcLoginError) throw error
    system.log.trace(1, () => `no lock ${path}: ${systemErrorCode(error) ?? 'unknown error'}`)
    return undefined
  }
}

async function lockAt(what: Exclusive, path: string): Promise<Lock> {
  const { system, purpose, timeoutMs, holdAtMostMs } = what
  return await acquireLock(system, {
    path,
    purpose,
    timeoutMs,
    holdAtMostMs,
    onWait: (holder) => system.terminal.stderr(describeWait(holder, system.clock.now())),
  })
}

/** What somebody is told who waits: for whom, and since when that one has the lock. */
export function describeWait(holder: LockHolder, now: number): string {
  const where = holder.isOnThisMachine ? '' : ` on ${holder.machine}`
  return `Waiting for process ${holder.pid}${where}, which has been ${holder.purpose} for ${inSeconds(now - holder.since)}.`
}
