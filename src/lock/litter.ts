import { basename, dirname, join } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import type { Files } from '../system/index.ts'

/** Nothing that is in use gets this old: claims and temporary files live for milliseconds. */
const litterAgeMs = 60 * 60 * 1000

/**
 * Deletes what killed processes have left beside a lock: claims and temporary files older than an
 * hour. To be called by the owner of the lock: while it lives, no claim is needed. Failures are
 * ignored, because litter does no harm.
 *
 * @param now milliseconds since the epoch
 */
export function sweepLitter(
  files: Pick<Files, 'list' | 'modifiedAt' | 'remove'>,
  lockPath: string,
  now: number,
): void {
  const folder = dirname(lockPath)
  ignoringSystemErrors(() => {
    for (const name of files.list(folder)) {
      if (!isLitterOf(basename(lockPath), name)) continue
      const modifiedAt = files.modifiedAt(join(folder, name))
      if (modifiedAt !== undefined && now - modifiedAt > litterAgeMs) {
        removeQuietly(files, join(folder, name))
      }
    }
  })
}

/** Deletes a file that does no harm if it stays. */
export function removeQuietly(files: Pick<Files, 'remove'>, path: string): void {
  ignoringSystemErrors(() => files.remove(path))
}

/** Runs what is a courtesy: that the operating system refuses it is no failure. */
export function ignoringSystemErrors(operation: () => void): void {
  try {
    operation()
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
  }
}

function isLitterOf(lockName: string, name: string): boolean {
  return name.startsWith(`${lockName}.`) && /\.(takeover|tmp)$/.test(name)
}
