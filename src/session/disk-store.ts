import type { System } from '../system/index.ts'
import { formatEnvelope } from './envelope.ts'
import { sessionFiles, sessionIn } from './session-files.ts'
import type { SessionStore } from './store.ts'

/**
 * Keeps each session in a file of its own, mode 0600, in a folder that only this user can enter.
 *
 * @param folder absolute path
 */
export function diskStore(system: Pick<System, 'files' | 'process'>, folder: string): SessionStore {
  const files = sessionFiles(system, folder)
  return {
    folder,
    describe: () => `in files that only you can read, in ${folder}`,
    prepare: async () => undefined,
    read: async (key) => sessionIn(files.read(key.name), key),
    write: async (key, session) => files.write(key.name, formatEnvelope(session)),
    remove: async (key) => files.remove(key.name),
    async list(onUnreadable) {
      return files.names().flatMap((name) => {
        const outcome = files.findIn(name, (text) => sessionIn(text))
        if (outcome.kind === 'found') return [outcome.session]
        if (outcome.kind === 'damaged') {
          onUnreadable?.({ path: files.pathOf(name), reason: outcome.reason })
        }
        return []
      })
    },
  }
}
