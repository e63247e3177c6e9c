import { discoverProvider } from '../provider/index.ts'
import type { Session } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import type { Grant } from './grants/grant.ts'
import { password } from './grants/password.ts'
import { newSession } from './new-session.ts'
import type { GrantType, SignInSettings } from './settings.ts'

const grants: Readonly<Record<Exclude<GrantType, 'auto'>, Grant>> = {
  authcode: authorizationCode,
  password,
}

/** What `auto` means, as int128/kubelogin decides. */
function automatic(settings: SignInSettings): Exclude<GrantType, 'auto'> {
  return settings.username === undefined ? 'authcode' : 'password'
}

/**
 * Signs the user in, whatever is stored.
 *
 * @throws OidcLoginError `sign_in_refused`, `sign_in_timed_out`, `token_missing`, `interrupted`, and
 *   what the provider room throws
 */
export async function signIn(system: System, settings: SignInSettings): Promise<Session> {
  const provider = await discoverProvider(system, settings.provider)
  const { grantType } = settings
  const grant = grants[grantType === 'auto' ? automatic(settings) : grantType]
  return await grant({
    system,
    provider,
    settings,
    toSession: (tokens) => newSession(system, settings, tokens),
  })
}
