import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { type Cleaned, removeAllSessions, sessionFolder } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './options.ts'

/**
 * `clean`: deletes everything that is stored here; nobody is told.
 *
 * @throws OidcLoginError `session_unwritable`
 */
export async function clean(system: System, options: OptionValues): Promise<void> {
  const folder = sessionFolder(system, options.text('token-cache-dir'))
  const { sessions, others } = remove(system, folder)
  const what = sessions === 1 ? '1 session' : `${sessions} sessions`
  system.terminal.stderr(`Deleted ${what} from ${folder}.`)
  if (others > 0) {
    const files = others === 1 ? '1 other file was' : `${others} other files were`
    system.terminal.stderr(`${files} left there.`)
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
