import { join } from 'node:path'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { forgetEncryptionKey } from '../keyring/index.ts'
import { acquireLock, describeWait, type Lock, type LockHolder } from '../lock/index.ts'
import { type Cleaned, namesIn, removeEmptyFolder, removeSessions } from '../session/index.ts'
import type { System } from '../system/index.ts'

/** What {@link cleanFolder} did. */
export interface CleanedFolder extends Cleaned {
  /** Files that are not ours and were left, so that a mistyped folder loses nothing. */
  readonly others: number
  /** What became of the key in the keychain; undefined when there was none. */
  readonly key: 'deleted' | OidcLoginError | undefined
  /** Why a session may come back: another process works on it, and will store it. */
  readonly busy: OidcLoginError | undefined
}

/** Another process that renews a session now is done soon, or is signing somebody in. */
const lockTimeoutMs = 10_000

const keychainLock = 'keychain'

/**
 * Deletes everything that is stored in a folder, and the key in the keychain; nobody is told. Each
 * session is deleted under its lock, so that no process that is refreshing it stores it again.
 *
 * @throws OidcLoginError `session_unwritable`, `interrupted`
 */
export async function cleanFolder(system: System, folder: string): Promise<CleanedFolder> {
  const locks = new Map<string, Lock>()
  try {
    const busy = await lockAll(system, folder, locks)
    const names = { held: new Set(locks.keys()), busy: new Set(busy.keys()) }
    const cleaned = removeSessions(system, folder, names)
    const key = await forgetKey(system, folder)
    release(locks)
    const others = removeEmptyFolder(system, folder)
    return { ...cleaned, key, others: busy.size > 0 ? 0 : others, busy: [...busy.values()][0] }
  } catch (error) {
    if (error instanceof OidcLoginError) throw error
    throw new OidcLoginError(
      'session_unwritable',
      `The sessions in ${folder} cannot be deleted (${systemErrorCode(error) ?? 'unknown error'}).`,
      { hint: 'Check the owner and the permissions of the folder.', cause: error },
    )
  } finally {
    release(locks)
  }
}

/** @returns why each lock that could not be had is busy */
async function lockAll(
  system: System,
  folder: string,
  locks: Map<string, Lock>,
): Promise<Map<string, OidcLoginError>> {
  const busy = new Map<string, OidcLoginError>()
  const names = namesIn(system, folder)
  // The key comes last, as everywhere: whoever needs one has locked his session before.
  const ordered = [...names.filter((name) => name !== keychainLock), keychainLock]
  const beganAt = system.clock.elapsed()
  for (const name of names.length > 0 ? ordered : []) {
    try {
      const request = {
        path: join(folder, `${name}.lock`),
        purpose: 'deleting the sessions',
        timeoutMs: Math.max(0, lockTimeoutMs - (system.clock.elapsed() - beganAt)),
        holdAtMostMs: 60_000,
        onWait: (holder: LockHolder) =>
          system.terminal.stderr(describeWait(holder, system.clock.now())),
      }
      locks.set(name, await acquireLock(system, request))
    } catch (error) {
      if (!(error instanceof OidcLoginError) || error.code !== 'lock_timed_out') throw error
      busy.set(name, error)
    }
  }
  return busy
}

function release(locks: Map<string, Lock>): void {
  for (const lock of locks.values()) lock.release()
  locks.clear()
}

/** A keychain that does not open keeps no session alive: its key opens nothing any more. */
async function forgetKey(system: System, folder: string): Promise<CleanedFolder['key']> {
  try {
    return (await forgetEncryptionKey(system, folder)) ? 'deleted' : undefined
  } catch (error) {
    if (!(error instanceof OidcLoginError) || error.code === 'interrupted') throw error
    return error
  }
}
