import { diskStore, noStore, type SessionStore, sessionFolder } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'

/** Where the options say that sessions are kept. The keychain's room is loaded when it is chosen. */
export async function sessionStore(system: System, options: OptionValues): Promise<SessionStore> {
  const storage = options.text('token-cache-storage')
  if (storage === 'none') return noStore
  const folder = sessionFolder(system, options.text('token-cache-dir'))
  if (storage !== 'keyring' && storage !== 'auto') return diskStore(system, folder)
  const { autoStore, keyringStore } = await import('../keyring/index.ts')
  return storage === 'auto' ? autoStore(system, folder) : keyringStore(system, folder)
}

/**
 * The store of commands that show or end sessions, whichever storage wrote them: it reads plain and
 * encrypted files, and asks the keychain only when there is an encrypted one.
 */
export async function everySessionStore(
  system: System,
  options: OptionValues,
): Promise<SessionStore> {
  if (options.text('token-cache-storage') === 'none') return noStore
  const { keyringStore } = await import('../keyring/index.ts')
  return keyringStore(system, sessionFolder(system, options.text('token-cache-dir')))
}
