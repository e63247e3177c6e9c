import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { joinPath, type ReadingSystem, type System } from '../system/index.ts'
import { parseEnvelope } from './envelope.ts'
import { canonicalIdentity, type SessionKey } from './key.ts'
import type { ReadOutcome } from './store.ts'

const extension = '.json'

/** Names that are given here; nothing else in the folder is a session. */
const sessionFile = /-[0-9a-f]{32}\.json$/

/**
 * The session files of a folder: one a session, mode 0600, in a folder that only this user can
 * enter. What their text means is the store's affair. Errors are `session_unreadable` and
 * `session_unwritable`.
 */
export interface SessionFiles {
  /** The text of the file of {@link SessionKey.name}; undefined when there is none. */
  read(name: string): string | undefined
  /** Absolute path of the file. */
  pathOf(name: string): string
  /**
   * What a list finds in the file: `read` says what its text means. A file that cannot be read must
   * not hide the others.
   */
  findIn(name: string, read: (text: string | undefined) => ReadOutcome): ReadOutcome
  /** Replaces the file as a whole. */
  write(name: string, text: string): void
  /** Deletes the file, if there is one. */
  remove(name: string): void
  /** Names of all files, without extension. */
  names(): string[]
}

/**
 * Opens the session files of a folder.
 *
 * @param folder absolute path
 */
export function sessionFiles(
  system: Pick<System, 'files' | 'process'>,
  folder: string,
): SessionFiles {
  const pathOf = (name: string): string => joinPath(folder, name + extension)
  return {
    read: (name) => readOwn(system, pathOf(name)),
    pathOf,
    findIn(name, read) {
      try {
        return read(readOwn(system, pathOf(name)))
      } catch (error) {
        if (!(error instanceof OidcLoginError)) throw error
        return { kind: 'damaged', reason: error.message }
      }
    },
    write(name, text) {
      whileWriting(folder, () => {
        system.files.makePrivateFolder(folder)
        system.files.writeAtomic(pathOf(name), text)
      })
    },
    remove(name) {
      removeOwn(system, pathOf(name))
    },
    names: () => listFiles(system, folder),
  }
}

/**
 * The text of one session file, by the rules of {@link SessionFiles.read}.
 *
 * @param folder absolute path
 * @throws OidcLoginError `session_unreadable`
 */
export function sessionText(
  system: ReadingSystem,
  folder: string,
  { name }: SessionKey,
): string | undefined {
  return readOwn(system, joinPath(folder, name + extension))
}

/**
 * The session in the plain text of a file.
 *
 * @param key which session must be there; any when it is not given
 */
export function sessionIn(text: string | undefined, key?: SessionKey): ReadOutcome {
  if (text === undefined) return { kind: 'absent' }
  const parsed = parseEnvelope(text)
  if (parsed.kind === 'damaged') return parsed
  if (key !== undefined && canonicalIdentity(parsed.session.identity) !== key.canonical) {
    return { kind: 'damaged', reason: 'it belongs to another session' }
  }
  return { kind: 'found', session: parsed.session }
}

function listFiles(system: Pick<System, 'files'>, folder: string): string[] {
  try {
    const names = system.files.list(folder).filter((name) => sessionFile.test(name))
    return names.map((name) => name.slice(0, -extension.length))
  } catch (error) {
    throw unreadable(folder, error)
  }
}

/**
 * A file that somebody else put there would make this user act as somebody else, so it is refused.
 * root may read everybody's sessions, as it may everything.
 */
function readOwn(system: ReadingSystem, path: string): string | undefined {
  let contents: ReturnType<System['files']['read']>
  try {
    contents = system.files.read(path)
  } catch (error) {
    throw unreadable(path, error)
  }
  const { uid } = system.process
  if (contents !== undefined && uid !== undefined && uid !== 0 && contents.ownerUid !== uid) {
    throw new OidcLoginError(
      'session_unreadable',
      `The session file ${path} belongs to another user (uid ${contents.ownerUid}).`,
      { hint: 'Delete it, or choose another folder with --token-cache-dir.' },
    )
  }
  return contents?.text
}

function unreadable(path: string, cause: unknown): OidcLoginError {
  return new OidcLoginError(
    'session_unreadable',
    `The session at ${path} cannot be read (${systemErrorCode(cause) ?? 'it is too large'}).`,
    { hint: 'Check its owner and permissions, or delete it and sign in again.', cause },
  )
}

function removeOwn(system: Pick<System, 'files'>, path: string): void {
  try {
    system.files.remove(path)
  } catch (error) {
    throw new OidcLoginError(
      'session_unwritable',
      `The session ${path} cannot be deleted (${systemErrorCode(error) ?? 'unknown error'}).`,
      {
        hint: 'Delete it yourself, or check the owner and the permissions of its folder.',
        cause: error,
      },
    )
  }
}

function whileWriting<T>(folder: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    throw new OidcLoginError(
      'session_unwritable',
      `The session cannot be kept in ${folder} (${systemErrorCode(error) ?? 'unknown error'}).`,
      {
        hint: 'Make the folder writable, choose another with --token-cache-dir, or give --token-cache-storage=none.',
        cause: error,
      },
    )
  }
}
