import { join } from 'node:path'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { System } from '../system/index.ts'
import { formatEnvelope, parseEnvelope } from './envelope.ts'
import { type SessionKey, sessionKey } from './key.ts'
import type { Session } from './session.ts'
import type { ReadOutcome, SessionStore } from './store.ts'

const extension = '.json'

/** Names that this store gives; nothing else in the folder is a session. */
const sessionFile = /-[0-9a-f]{32}\.json$/

/**
 * Keeps each session in a file of its own, mode 0600, in a folder that only this user can enter.
 *
 * @param folder absolute path
 */
export function diskStore(system: Pick<System, 'files' | 'process'>, folder: string): SessionStore {
  const pathOf = (key: SessionKey): string => join(folder, key.name + extension)
  return {
    folder,
    async read(key) {
      const outcome = readFile(system, pathOf(key))
      if (outcome.kind !== 'found') return outcome
      const found = sessionKey(outcome.session.identity).canonical
      return found === key.canonical
        ? outcome
        : { kind: 'damaged', reason: 'it belongs to another session' }
    },
    async write(key, session) {
      whileWriting(folder, () => {
        system.files.makePrivateFolder(folder)
        system.files.writeAtomic(pathOf(key), formatEnvelope(session))
      })
    },
    async remove(key) {
      whileWriting(folder, () => system.files.remove(pathOf(key)))
    },
    async list() {
      return listFiles(system, folder).flatMap((name) => readIfPossible(system, join(folder, name)))
    },
  }
}

/** One file that cannot be read must not hide the others. */
function readIfPossible(system: Pick<System, 'files' | 'process'>, path: string): Session[] {
  try {
    const outcome = readFile(system, path)
    return outcome.kind === 'found' ? [outcome.session] : []
  } catch {
    return []
  }
}

function listFiles(system: Pick<System, 'files'>, folder: string): string[] {
  try {
    return system.files.list(folder).filter((name) => sessionFile.test(name))
  } catch (error) {
    throw unreadable(folder, error)
  }
}

function readFile(system: Pick<System, 'files' | 'process'>, path: string): ReadOutcome {
  const contents = readOwn(system, path)
  if (contents === undefined) return { kind: 'absent' }
  const parsed = parseEnvelope(contents)
  return parsed.kind === 'session' ? { kind: 'found', session: parsed.session } : parsed
}

/**
 * A file that somebody else put there would make this user act as somebody else, so it is refused.
 * root may read everybody's sessions, as it may everything.
 */
function readOwn(system: Pick<System, 'files' | 'process'>, path: string): string | undefined {
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
