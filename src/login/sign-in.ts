import { discoverProvider } from '../provider/index.ts'
import type { Session } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import { automatic } from './grants/automatic.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { deviceCode } from './grants/device-code.ts'
import type { Grant } from './grants/grant.ts'
import { jwtBearer } from './grants/jwt-bearer.ts'
import { authorizationCodeByKeyboard } from './grants/keyboard.ts'
import { password } from './grants/password.ts'
import { tokenExchange } from './grants/token-exchange.ts'
import { newSession } from './new-session.ts'
import type { GrantType, SignInSettings } from './settings.ts'

const grants: Readonly<Record<GrantType, Grant>> = {
  auto: automatic,
  authcode: authorizationCode,
  'authcode-keyboard': authorizationCodeByKeyboard,
  'client-credentials': clientCredentials,
  'device-code': deviceCode,
  'jwt-bearer': jwtBearer,
  password,
  'token-exchange': tokenExchange,
}

/** A sign-in that has succeeded. */
export interface SignedIn {
  readonly session: Session
  /**
   * Tells the person in the browser, who still waits for it. To be called in any case, when nobody waits for the session any
   * more. Never throws.
   */
  farewell(): Promise<void>
}

/**
 * Signs the user in, whatever is stored.
 *
 * @throws OidcLoginError `sign_in_refused`, `sign_in_timed_out`, `token_missing`, `interrupted`, and
 *   what the provider room throws
 */
export async function signIn(system: System, settings: SignInSettings): Promise<SignedIn> {
  const provider = await discoverProvider(system, settings.provider)
  const grant = grants[settings.grantType]
  let farewell = async (): Promise<void> => undefined
  const session = await grant({
    system,
    provider,
    settings,
    toSession: (tokens) => newSession(system, settings, tokens),
    afterwards: (task) => {
      farewell = task
    },
  })
  return { session, farewell }
}
