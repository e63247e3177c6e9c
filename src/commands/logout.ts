import { OidcLoginError } from '../errors.ts'
import { describe, endSession } from '../logout/index.ts'
import type { Session } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { sessionStore } from './identity.ts'
import type { OptionValues } from './options.ts'
import { connectionSettings } from './sign-in-settings.ts'

/**
 * `logout`: ends sessions here and at the provider.
 *
 * @throws OidcLoginError `session_ambiguous` when it is not clear which session is meant
 */
export async function logout(system: System, options: OptionValues): Promise<void> {
  const store = sessionStore(system, options)
  const sessions = (await store.list()).filter((session) => isMeant(session, options))
  if (sessions.length === 0) {
    system.terminal.stderr(`No session to end in ${store.folder ?? 'this storage'}.`)
    return
  }
  if (sessions.length > 1 && !options.flag('all')) throw ambiguous(sessions)
  for (const session of sessions) {
    await endSession(system, store, session, {
      connection: connectionSettings(system, options),
      skipOpenBrowser: options.flag('skip-open-browser') || options.flag('local'),
      browserCommand: options.text('browser-command'),
    })
  }
}

function isMeant({ identity }: Session, options: OptionValues): boolean {
  const issuer = options.text('oidc-issuer-url')
  const clientId = options.text('oidc-client-id')
  return (
    (issuer === undefined || issuer === identity.issuer) &&
    (clientId === undefined || clientId === identity.clientId)
  )
}

function ambiguous(sessions: readonly Session[]): OidcLoginError {
  const list = sessions.map((session) => `  ${describe(session)}`).join('\n')
  return new OidcLoginError(
    'session_ambiguous',
    `There are ${sessions.length} sessions:\n${list}`,
    {
      hint: 'Say which one ends with --oidc-issuer-url and --oidc-client-id, or end all with --all.',
    },
  )
}
