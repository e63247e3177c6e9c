import { OidcLoginError } from '../../errors.ts'
import { hasEncryptionKey } from '../../keyring/index.ts'
import { type Check, skipped } from '../check.ts'

/** Whether the keychain that holds the key of the sessions is there, and opens. */
export const keychainCheck: Check = {
  name: 'keychain',
  async run({ system, store, storage }) {
    const { folder } = store
    if (folder === undefined || storage === 'none' || storage === 'disk') {
      return skipped(`No keychain is used (--token-cache-storage=${storage}).`)
    }
    const { name } = system.keychain
    try {
      const isThere = await hasEncryptionKey(system, folder)
      return {
        verdict: 'ok',
        message: isThere
          ? `The ${name} opens, and holds the key of the sessions.`
          : `The ${name} opens. It holds no key yet; the next sign-in creates one.`,
      }
    } catch (error) {
      if (!(error instanceof OidcLoginError) || storage !== 'auto') throw error
      if (error.code === 'interrupted') throw error
      return {
        verdict: 'warning',
        message: `New sessions are kept in plain files, because the keychain does not work: ${error.message}`,
        remedy: error.hint,
      }
    }
  },
}
