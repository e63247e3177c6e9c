import { type ExecRequest, formatExecCredential, parseExecInfo } from '../exec-credential/index.ts'
import { credentialOf, type Session, sessionKey } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { freshSession } from './fresh-session.ts'
import type { OptionValues } from './given-options.ts'
import { sessionIdentity } from './identity.ts'
import { presentedTokens } from './presented-tokens.ts'
import { sessionStore } from './session-store.ts'

/**
 * `get-token`: what kubectl calls. A session that is fresh is printed after reading one file;
 * everything else, the network and the libraries included, is loaded only when it is not.
 *
 * @throws OidcLoginError any code but those of other commands
 */
export async function getToken(system: System, options: OptionValues): Promise<void> {
  const request = parseExecInfo(system.env.KUBERNETES_EXEC_INFO)
  const key = sessionKey(sessionIdentity(options))
  const store = await sessionStore(system, options)
  const isForced = options.flag('force-refresh')
  const proof = presentedTokens(system, options)?.digest

  const stored = isForced ? undefined : await store.read(key)
  const fresh = stored && freshSession(stored, proof, system.clock.now())
  if (fresh) {
    system.log.trace(1, () => `the session ${key.name} is fresh`)
    print(system, request, fresh)
    return
  }
  system.log.trace(
    1,
    () =>
      `the session ${key.name} is ${isForced ? 'to be refreshed' : stored?.kind === 'found' ? 'not fresh' : stored?.kind}`,
  )

  const { obtainForKubectl } = await import('./obtain.ts')
  await obtainForKubectl(system, options, {
    store,
    key,
    request,
    isForced,
    print: (session) => print(system, request, session),
  })
}

function print(system: System, request: ExecRequest, session: Session): void {
  system.terminal.stdout(formatExecCredential(request.apiVersion, credentialOf(session)))
}
