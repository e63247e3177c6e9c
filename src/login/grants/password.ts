import { tokensForPassword } from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import { ask } from './ask.ts'
import type { GrantContext } from './grant.ts'

/**
 * Signs in with a user name and a password that this program gets to see (RFC 6749 §4.3). What is
 * missing is asked for on the terminal.
 */
export async function password(context: GrantContext): Promise<Session> {
  const { system, provider, settings } = context
  const username = settings.username ?? (await ask(context, usernameQuestion))
  const secret = settings.password ?? (await ask(context, passwordQuestion))
  const tokens = await tokensForPassword(system, provider, {
    username,
    password: secret,
    extraScopes: settings.extraScopes,
    targets: settings.identity,
  })
  return context.toSession(tokens)
}

const usernameQuestion = {
  text: 'Username: ',
  isHidden: false,
  what: 'the user name',
  otherwise: 'Give --username.',
}

const passwordQuestion = {
  text: 'Password: ',
  isHidden: true,
  what: 'the password',
  otherwise: 'Give --password-file, or KUBECTL_OIDC_LOGIN_PASSWORD in the environment.',
}
