import { OidcLoginError } from '../errors.ts'
import { cleanFolder } from '../logout/index.ts'
import { sessionFolder } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'

/**
 * `clean`: deletes everything that is stored here, and the key in the keychain; nobody is told.
 *
 * @throws OidcLoginError `session_unwritable`; `lock_timed_out` when everything is deleted, but another
 *   process will store a session again
 */
export async function clean(system: System, options: OptionValues): Promise<void> {
  const folder = sessionFolder(system, options.text('token-cache-dir'))
  const { sessions, others, encrypted, key, busy } = await cleanFolder(system, folder)
  const { stderr } = system.terminal
  const what = sessions === 1 ? '1 session' : `${sessions} sessions`
  stderr(`Deleted ${what} from ${folder}.`)
  if (others > 0) {
    stderr(`${others === 1 ? '1 other file was' : `${others} other files were`} left there.`)
  }
  if (key === 'deleted') stderr(`Deleted their key from the ${system.keychain.name}.`)
  else if (key !== undefined) {
    system.log.trace(1, () => `no key was deleted: ${key.message}`)
    // Whoever never used the keychain is not told that there is none.
    if (encrypted > 0) stderr(`Their key is still in the keychain, of no use: ${key.message}`)
  }
  if (busy === undefined) return
  throw new OidcLoginError(
    'lock_timed_out',
    `${busy.message} It may store a session when it is done.`,
    { hint: 'Finish or end that process, then run "kubectl oidc-login clean" again.' },
  )
}
