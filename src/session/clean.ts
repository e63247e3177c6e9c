import { join } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import type { System } from '../system/index.ts'

/** Session files, their locks and notes, and temporary files of either. */
const ownFile = /(-[0-9a-f]{32}\.json|(-[0-9a-f]{32}|^keychain)\.(lock|failed))(\..+)?$/

/** What {@link removeAllSessions} did. */
export interface Cleaned {
  /** How many sessions were deleted. */
  readonly sessions: number
  /** Files that are not ours and were left, so that a mistyped folder loses nothing. */
  readonly others: number
  /** How many of the sessions were encrypted with a key in the keychain. */
  readonly encrypted: number
}

/**
 * Deletes all sessions in a folder, with their locks and notes, and the folder when nothing is left.
 * Files of others, int128/kubelogin's among them, are not touched. Throws Node's system errors.
 */
export function removeAllSessions(system: Pick<System, 'files'>, folder: string): Cleaned {
  const names = system.files.list(folder)
  // What is encrypted can only be told while it is there.
  const encrypted = new Set(
    names.filter((name) => ownFile.test(name) && isEncrypted(system, join(folder, name))),
  )
  const removed = names.filter(
    (name) => ownFile.test(name) && removeFile(system, join(folder, name)),
  )
  const sessions = removed.filter((name) => name.endsWith('.json'))
  const others = names.length - removed.length
  if (others === 0) system.files.removeFolder(folder)
  return {
    sessions: sessions.length,
    others,
    encrypted: sessions.filter((name) => encrypted.has(name)).length,
  }
}

function isEncrypted(system: Pick<System, 'files'>, path: string): boolean {
  try {
    return system.files.read(path)?.text.includes('"ciphertext"') === true
  } catch {
    // What cannot be read can be deleted all the same.
    return false
  }
}

/** A folder that bears the name of a file of ours is not ours. */
function removeFile(system: Pick<System, 'files'>, path: string): boolean {
  try {
    system.files.remove(path)
    return true
  } catch (error) {
    if (notOurs.has(systemErrorCode(error) ?? '')) return false
    throw error
  }
}

/** What `unlink` says of a folder (EPERM on macOS). */
const notOurs = new Set(['EISDIR', 'EPERM'])
