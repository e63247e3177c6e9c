import { statSync } from 'node:fs'

/** Who may use a file or folder. */
export interface Permissions {
  /** Permission bits (`0o600`); on Windows they mean nothing. */
  readonly mode: number
  /** Numeric id of the owner. */
  readonly ownerUid: number
  readonly isFolder: boolean
}

/**
 * Looks up who may use a file or folder.
 *
 * @returns undefined when there is none
 * @throws the system's error (`EACCES` …)
 */
export function permissionsOf(path: string): Permissions | undefined {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts === undefined) return undefined
  return { mode: facts.mode & 0o777, ownerUid: facts.uid, isFolder: facts.isDirectory() }
}
