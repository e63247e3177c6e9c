import { join } from 'node:path'
import { OidcLoginError } from '../errors.ts'
import { diskStore, type SessionStore } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { keyringStore } from './keyring-store.ts'

/**
 * Keeps sessions as `keyringStore` does where the keychain works, else as `diskStore`, with a notice
 * that is given once. A session that is encrypted already is never replaced by plain text because its
 * keychain is locked just now: that is an error.
 *
 * @param folder absolute path
 */
export function autoStore(system: System, folder: string): SessionStore {
  const keyring = keyringStore(system, folder)
  const disk = diskStore(system, folder)
  const failure = keychainFailure(system, folder)
  let chosen: SessionStore | undefined
  const choose = async (): Promise<SessionStore> => {
    chosen ??= await chooseStore(system, { keyring, disk, failure })
    return chosen
  }
  return {
    folder,
    describe: () => (chosen ?? (failure.isKnown() ? disk : keyring)).describe(),
    async prepare() {
      await choose()
    },
    async read(key) {
      const outcome = await keyring.read(key)
      const isPlain = outcome.kind === 'found' && outcome.isMisplaced === true
      return isPlain ? { ...outcome, isMisplaced: !failure.isKnown() } : outcome
    },
    write: async (key, session) => await (await choose()).write(key, session),
    remove: keyring.remove,
    list: keyring.list,
  }
}

interface Choice {
  readonly keyring: SessionStore
  readonly disk: SessionStore
  readonly failure: KeychainFailure
}

async function chooseStore(system: System, choice: Choice): Promise<SessionStore> {
  const { keyring, disk, failure } = choice
  try {
    await keyring.prepare()
    failure.forget()
    return keyring
  } catch (error) {
    if (!(error instanceof OidcLoginError) || !error.code.startsWith('keychain_')) throw error
    if (!failure.isKnown()) {
      system.terminal.stderr(
        `Sessions are kept ${disk.describe()}, not encrypted: ${error.message} This is said once; --token-cache-storage=disk or =keyring chooses one.`,
      )
      failure.remember(error.code)
    }
    return disk
  }
}

/** Whether the user has been told that the keychain does not work: a file beside the sessions. */
interface KeychainFailure {
  isKnown(): boolean
  remember(code: string): void
  forget(): void
}

function keychainFailure(system: Pick<System, 'files'>, folder: string): KeychainFailure {
  const path = join(folder, 'keychain.failed')
  return {
    isKnown: () => system.files.modifiedAt(path) !== undefined,
    remember(code) {
      quietly(() => {
        system.files.makePrivateFolder(folder)
        system.files.writeAtomic(path, `${code}\n`)
      })
    },
    forget() {
      quietly(() => system.files.remove(path))
    },
  }
}

/** Where the note cannot be written, the notice is given again: nothing worse. */
function quietly(operation: () => void): void {
  try {
    operation()
  } catch {
    // The session itself meets the same obstacle and reports it.
  }
}
