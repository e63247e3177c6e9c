import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { type Cleaned, removeAllSessions, sessionFolder } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './options.ts'

/**
 * `clean`: deletes everything that is stored here, and the key in the keychain; nobody is told. A
 * keychain that does not open keeps no session alive: its key opens nothing any more.
 *
 * @throws OidcLoginError `session_unwritable`
 */
export async function clean(system: System, options: OptionValues): Promise<void> {
  const folder = sessionFolder(system, options.text('token-cache-dir'))
  const { sessions, others, encrypted } = remove(system, folder)
  const what = sessions === 1 ? '1 session' : `${sessions} sessions`
  system.terminal.stderr(`Deleted ${what} from ${folder}.`)
  if (others > 0) {
    const files = others === 1 ? '1 other file was' : `${others} other files were`
    system.terminal.stderr(`${files} left there.`)
  }
  await removeKey(system, folder, encrypted > 0)
}

/** Whoever never used the keychain is not told that there is none. */
async function removeKey(system: System, folder: string, isUsed: boolean): Promise<void> {
  const { forgetEncryptionKey } = await import('../keyring/index.ts')
  try {
    if (await forgetEncryptionKey(system, folder)) {
      system.terminal.stderr(`Deleted their key from the ${system.keychain.name}.`)
    }
  } catch (error) {
    if (!(error instanceof OidcLoginError) || error.code === 'interrupted') throw error
    system.log.trace(1, () => `no key was deleted: ${error.message}`)
    if (!isUsed) return
    system.terminal.stderr(`Their key is still in the keychain, of no use: ${error.message}`)
  }
}

function remove(system: System, folder: string): Cleaned {
  try {
    return removeAllSessions(system, folder)
  } catch (error) {
    throw new OidcLoginError(
      'session_unwritable',
      `The sessions in ${folder} cannot be deleted (${systemErrorCode(error) ?? 'unknown error'}).`,
      { hint: 'Check the owner and the permissions of the folder.', cause: error },
    )
  }
}
