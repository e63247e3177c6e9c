import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { SessionKey } from '../session/index.ts'
import { makeRuntimeFolder, runtimeFolders, type System } from '../system/index.ts'

type Key = Pick<SessionKey, 'name'>

/** The lock file of a session: beside it. */
export function lockPath(folder: string, key: Key): string {
  return join(folder, `${key.name}.lock`)
}

/**
 * The lock file of a session in a folder in which nothing can be written: in a folder of this user for
 * what lasts no longer than a process. Those who sign in there still do it one after the other.
 *
 * @returns undefined when there is no such folder
 */
export function lockPathElsewhere(
  system: Pick<System, 'env' | 'files' | 'process'>,
  folder: string,
  key: Key,
): string | undefined {
  const other = makeRuntimeFolder(system)
  return other && nameElsewhere(other, folder, key)
}

/** Every place where the lock of a session can be found, without making any. */
export function lockPaths(
  system: Pick<System, 'env' | 'process'>,
  folder: string,
  key: Key,
): string[] {
  const others = runtimeFolders(system).map((other) => nameElsewhere(other, folder, key))
  return [lockPath(folder, key), ...others]
}

function nameElsewhere(other: string, folder: string, key: Key): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join(other, `${digest}-${key.name}.lock`)
}
