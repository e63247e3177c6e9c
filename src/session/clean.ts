import { join } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import type { System } from '../system/index.ts'

/** Session files, their locks and notes, and temporary files of either. */
const ownFile = /-[0-9a-f]{32}\.(json|lock|failed)(\..+)?$/

/** What {@link removeAllSessions} did. */
export interface Cleaned {
  /** How many sessions were deleted. */
  readonly sessions: number
  /** Files that are not ours and were left, so that a mistyped folder loses nothing. */
  readonly others: number
}

/**
 * Deletes all sessions in a folder, with their locks and notes, and the folder when nothing is left.
 * Files of others, int128/kubelogin's among them, are not touched. Throws Node's system errors.
 */
export function removeAllSessions(system: Pick<System, 'files'>, folder: string): Cleaned {
  const names = system.files.list(folder)
  const removed = names.filter(
    (name) => ownFile.test(name) && removeFile(system, join(folder, name)),
  )
  const others = names.length - removed.length
  if (others === 0) system.files.removeFolder(folder)
  return { sessions: removed.filter((name) => name.endsWith('.json')).length, others }
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
