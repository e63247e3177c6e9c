import type { Files } from '../system/index.ts'
import { type LockRecord, parseLockRecord } from './record.ts'

/** The operations on files that the protocol is made of. */
export type LockFiles = Pick<Files, 'read' | 'createExclusive' | 'rename' | 'remove' | 'modifiedAt'>

/** What an attempt needs of its surroundings. */
export interface LockSurroundings {
  readonly files: LockFiles
  /** The present moment in milliseconds since the Unix epoch. */
  now(): number
  /** Whether the owner of a record will never come back. */
  isOwnerDead(record: LockRecord): boolean
}

/** What was found in the place of a lock, or of a claim to take one over. */
export type LockFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'held'; readonly token: string; readonly holder: LockRecord | undefined }
  | { readonly kind: 'dead'; readonly token: string }

/** How long a writer may take over a lock file that is not created at once (see {@link Files}). */
const writingMs = 10_000

/**
 * Looks at a lock file and at its owner. A damaged file is believed to be under way for a while; its
 * token is made of the time of its last change.
 */
export function inspectLockFile(surroundings: LockSurroundings, path: string): LockFile {
  const found = readLockFile(surroundings.files, path)
  if (found === undefined) return { kind: 'absent' }
  const { token, record } = found
  const isDead =
    record === undefined
      ? // Either way round: a clock that was set back must not make the file last.
        Math.abs(surroundings.now() - found.modifiedAt) > writingMs
      : surroundings.isOwnerDead(record)
  return isDead ? { kind: 'dead', token } : { kind: 'held', token, holder: record }
}

/** The token in a lock file; undefined when there is no file. */
export function tokenIn(files: LockFiles, path: string): string | undefined {
  return readLockFile(files, path)?.token
}

type Found =
  | { readonly token: string; readonly record: LockRecord }
  | { readonly token: string; readonly record: undefined; readonly modifiedAt: number }

function readLockFile(files: LockFiles, path: string): Found | undefined {
  const contents = files.read(path)
  if (contents === undefined) return undefined
  const record = parseLockRecord(contents.text)
  if (record !== undefined) return { token: record.token, record }
  const modifiedAt = files.modifiedAt(path)
  if (modifiedAt === undefined) return undefined
  return { token: `damaged-${Math.round(modifiedAt)}`, record, modifiedAt }
}
