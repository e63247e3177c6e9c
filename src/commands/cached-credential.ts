import { formatExecCredential, parseExecInfo } from '../exec-credential/index.ts'
import {
  credentialOf,
  sessionFolder,
  sessionIn,
  sessionKey,
  sessionText,
} from '../session/index.ts'
import type { Clock, ReadingSystem, System } from '../system/index.ts'
import { freshSession } from './fresh-session.ts'
import { sessionIdentity } from './identity.ts'
import { plainOptions } from './plain-options.ts'
import { plainTable } from './plain-table.ts'
import { presentedTokens } from './presented-tokens.ts'

/**
 * Answers the call that kubectl makes a hundred times a day, without an argument parser: `get-token` in
 * plain words, with a fresh session in a plain file. It follows the rules of `getToken()`, by the same
 * functions, and whatever it cannot answer is left to that.
 *
 * @param args command line without the program's own name
 * @returns the line for kubectl; undefined when there is no such answer
 * @throws OidcLoginError what `getToken()` would throw as well
 */
export function cachedCredential(
  system: ReadingSystem & Pick<System, 'env'> & { readonly clock: Pick<Clock, 'now'> },
  args: readonly string[],
): string | undefined {
  if (args[0] !== 'get-token') return undefined
  const options = plainOptions(args.slice(1), plainTable, system.env)
  if (options === undefined || options.level('v') > 0 || options.flag('force-refresh')) {
    return undefined
  }
  if (options.text('token-cache-storage') !== 'disk') return undefined
  const request = parseExecInfo(system.env.KUBERNETES_EXEC_INFO)
  const key = sessionKey(sessionIdentity(options))
  const folder = sessionFolder(system, options.text('token-cache-dir'))
  const proof = presentedTokens(system, options)?.digest
  const stored = sessionIn(sessionText(system, folder, key), key)
  const session = freshSession(stored, proof, system.clock.now())
  return session && formatExecCredential(request.apiVersion, credentialOf(session))
}
