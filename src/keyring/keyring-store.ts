import {
  formatEnvelope,
  type ReadOutcome,
  type Session,
  type SessionFiles,
  type SessionStore,
  sessionFiles,
  sessionIn,
  sessionKey,
} from '../session/index.ts'
import type { System } from '../system/index.ts'
import { type EncryptionKey, encryptionKey } from './encryption-key.ts'
import { parseSealed, type Sealed, seal, unseal } from './sealed.ts'

/**
 * Keeps each session in an encrypted file, whose key lies in the keychain of the operating system. The
 * files have the names and the locks of `diskStore`: a session that lies there in plain text is read,
 * reported as misplaced, and replaced by the next write.
 *
 * @param folder absolute path
 */
export function keyringStore(system: System, folder: string): SessionStore {
  const files = sessionFiles(system, folder)
  const key = encryptionKey(system, folder)
  return {
    folder,
    describe: () => `encrypted in ${folder}, with a key in the ${system.keychain.name}`,
    async prepare() {
      await key.readOrCreate()
    },
    async read(wanted) {
      const text = files.read(wanted.name)
      const parsed = parseSealed(text ?? '')
      if (parsed.kind === 'damaged') return parsed
      if (parsed.kind === 'other') return misplaced(sessionIn(text, wanted))
      const opened = await open(key, parsed.sealed, wanted.canonical)
      return opened.kind === 'text' ? sessionIn(opened.text, wanted) : opened
    },
    async write(wanted, session) {
      const secret = await key.readOrCreate()
      files.write(wanted.name, seal(secret, formatEnvelope(session), wanted.canonical))
    },
    remove: async (wanted) => files.remove(wanted.name),
    async list(onUnreadable) {
      const sessions: Session[] = []
      for (const name of files.names()) {
        const outcome = await listed(key, files, name)
        if (outcome.kind === 'found') sessions.push(outcome.session)
        if (outcome.kind === 'damaged') {
          onUnreadable?.({ path: files.pathOf(name), reason: outcome.reason })
        }
      }
      return sessions
    },
  }
}

function misplaced(outcome: ReadOutcome): ReadOutcome {
  return outcome.kind === 'found' ? { ...outcome, isMisplaced: true } : outcome
}

type Opened =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'damaged'; readonly reason: string }

async function open(key: EncryptionKey, sealed: Sealed, canonical: string): Promise<Opened> {
  const secret = await key.read()
  if (secret === undefined) {
    return { kind: 'damaged', reason: 'its key is not in the keychain any more' }
  }
  const text = unseal(secret, sealed, canonical)
  if (text !== undefined) return { kind: 'text', text }
  return {
    kind: 'damaged',
    reason: 'it does not open: it was changed, belongs to another session, or has another key',
  }
}

/** The session in a file whose name is all that is known. A file under another's name is none. */
async function listed(key: EncryptionKey, files: SessionFiles, name: string): Promise<ReadOutcome> {
  let sealed: Sealed | undefined
  const plain = files.findIn(name, (text) => {
    const parsed = parseSealed(text ?? '')
    if (parsed.kind === 'damaged') return parsed
    if (parsed.kind === 'other') return sessionIn(text)
    sealed = parsed.sealed
    return { kind: 'absent' }
  })
  if (sealed === undefined) return plain
  const opened = await open(key, sealed, sealed.session)
  if (opened.kind === 'damaged') return opened
  const outcome = sessionIn(opened.text)
  if (outcome.kind === 'found' && sessionKey(outcome.session.identity).name !== name) {
    return { kind: 'damaged', reason: 'it belongs to another session' }
  }
  return outcome
}
