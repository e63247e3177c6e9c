import { join } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import type { System } from '../system/index.ts'

/** Session files, their locks and notes, and temporary files of either. */
const ownFile = /^(?<name>.*-[0-9a-f]{32}|keychain)\.(?<kind>json|lock|failed)(?<litter>\..+)?$/

/** What {@link removeSessions} did. */
export interface Cleaned {
  /** How many sessions were deleted. */
  readonly sessions: number
  /** How many of the sessions were encrypted with a key in the keychain. */
  readonly encrypted: number
}

/**
 * The names ({@link SessionKey.name}, and `keychain`) of everything that lies in a folder: each is also
 * that of a lock, which may be all that there is. Throws Node's system errors.
 */
export function namesIn(system: Pick<System, 'files'>, folder: string): string[] {
  const names = system.files.list(folder).flatMap((file) => ownFile.exec(file)?.groups?.name ?? [])
  return [...new Set(names)]
}

/** Whose lock this process holds, and whose another one does. */
export interface Names {
  readonly held: ReadonlySet<string>
  readonly busy: ReadonlySet<string>
}

/**
 * Deletes sessions, with their notes and litter where nobody else is at work. Locks stay: they belong to
 * whoever holds them. Files of others, int128/kubelogin's among them, are not touched. Throws Node's
 * system errors.
 */
export function removeSessions(
  system: Pick<System, 'files'>,
  folder: string,
  { held, busy }: Names,
): Cleaned {
  const files = system.files.list(folder).filter((file) => {
    const { name = '', kind, litter } = ownFile.exec(file)?.groups ?? {}
    if (busy.has(name)) return kind === 'json'
    return held.has(name) && (kind !== 'lock' || litter !== undefined)
  })
  // What is encrypted can only be told while it is there.
  const encrypted = new Set(files.filter((file) => isEncrypted(system, join(folder, file))))
  const removed = files.filter((file) => removeFile(system, join(folder, file)))
  const sessions = removed.filter((file) => file.endsWith('.json'))
  return {
    sessions: sessions.length,
    encrypted: sessions.filter((file) => encrypted.has(file)).length,
  }
}

/**
 * Deletes the folder when nothing is left in it. A link, a mounted volume, or one that is being filled
 * again stays.
 *
 * @returns how many files are left: they are not ours, or another process has just come
 */
export function removeEmptyFolder(system: Pick<System, 'files'>, folder: string): number {
  const left = system.files.list(folder).length
  try {
    if (left === 0) system.files.removeFolder(folder)
  } catch {
    // What was to be deleted is gone; an empty folder harms nobody.
  }
  return left
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
