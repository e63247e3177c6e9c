import type { System } from '../system/index.ts'
import { keychainEntry } from './encryption-key.ts'
import { patiently } from './patience.ts'

/**
 * Deletes the key of a folder's sessions from the keychain.
 *
 * @returns false when there was none
 * @throws OidcLoginError `keychain_…`, `interrupted`
 */
export async function forgetEncryptionKey(system: System, folder: string): Promise<boolean> {
  return await patiently(system, () => system.keychain.remove(keychainEntry(folder)))
}
