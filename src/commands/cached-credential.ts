import { formatExecCredential, parseExecInfo } from '../exec-credential/index.ts'
import {
  credentialOf,
  sessionFiles,
  sessionFolder,
  sessionIn,
  sessionKey,
} from '../session/index.ts'
import type { Clock, System } from '../system/index.ts'
import { freshSession } from './fresh-session.ts'
import { getTokenOptions } from './get-token-options.ts'
import { sessionIdentity } from './identity.ts'
import { commonOptions } from './option-table.ts'
import { plainOptions } from './plain-options.ts'
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
  system: Pick<System, 'env' | 'files' | 'process'> & { readonly clock: Pick<Clock, 'now'> },
  args: readonly string[],
): string | undefined {
  if (args[0] !== 'get-token') return undefined
  const options = plainOptions(args.slice(1), table, system.env)
  if (options === undefined || options.level('v') > 0 || options.flag('force-refresh')) {
    return undefined
  }
  if (options.text('token-cache-storage') !== 'disk') return undefined
  const request = parseExecInfo(system.env.KUBERNETES_EXEC_INFO)
  const key = sessionKey(sessionIdentity(options))
  const folder = sessionFolder(system, options.text('token-cache-dir'))
  const proof = presentedTokens(system, options)?.digest
  const stored = sessionIn(sessionFiles(system, folder).read(key.name), key)
  const session = freshSession(stored, proof, system.clock.now())
  return session && formatExecCredential(request.apiVersion, credentialOf(session))
}

const table = [...getTokenOptions, ...commonOptions]
