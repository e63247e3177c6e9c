import { OidcLoginError } from '../errors.ts'
import { describe, endSession } from '../logout/index.ts'
import type { Session, UnreadableFile } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import { logoutConnection } from './logout-connection.ts'
import { everySessionStore } from './session-store.ts'
import { describeUnreadable } from './unreadable-file.ts'

/**
 * `logout`: ends sessions here and at the provider.
 *
 * @throws OidcLoginError `session_ambiguous` when it is not clear which session is meant,
 *   `session_unreadable` when a session that may be meant cannot be read, so that it was not ended
 */
export async function logout(system: System, options: OptionValues): Promise<void> {
  const store = await everySessionStore(system, options)
  const unreadable: UnreadableFile[] = []
  const all = await store.list((file) => unreadable.push(file))
  const sessions = all.filter((session) => isMeant(session, options))
  if (sessions.length === 0 && unreadable.length === 0) {
    system.terminal.stderr(`No session to end in ${store.folder ?? 'this storage'}.`)
    return
  }
  if (sessions.length > 1 && !options.flag('all')) throw ambiguous(sessions)
  const isOneClient = new Set(sessions.map(clientOf)).size === 1
  for (const session of sessions) {
    const { identity } = session
    await endSession(system, store, session, {
      connection: await logoutConnection(system, options, { identity, isOnly: isOneClient }),
      skipOpenBrowser: options.flag('skip-open-browser') || options.flag('local'),
      browserCommand: options.text('browser-command'),
    })
  }
  tellOfUnreadable(system, unreadable, options.flag('all') || sessions.length === 0)
}

/** Which session is in such a file is not known; only where all are meant it surely was one of them. */
function tellOfUnreadable(
  system: Pick<System, 'terminal'>,
  unreadable: readonly UnreadableFile[],
  isMeant: boolean,
): void {
  const [first] = unreadable
  if (first === undefined) return
  if (isMeant) {
    throw new OidcLoginError(
      'session_unreadable',
      `Not ended: ${unreadable.map(describeUnreadable).join(' ')}`,
      {
        hint: 'Its refresh token, if there is one, stays valid at the provider. Make the file readable and log out again, or delete it with "kubectl oidc-login clean".',
      },
    )
  }
  for (const file of unreadable) system.terminal.stderr(`Not ended: ${describeUnreadable(file)}`)
}

function clientOf({ identity }: Session): string {
  return JSON.stringify([identity.issuer, identity.clientId])
}

function isMeant({ identity }: Session, options: OptionValues): boolean {
  const issuer = options.text('oidc-issuer-url')
  const clientId = options.text('oidc-client-id')
  const profile = options.text('profile')
  return (
    (issuer === undefined || issuer === identity.issuer) &&
    (clientId === undefined || clientId === identity.clientId) &&
    (profile === undefined || profile === identity.profile)
  )
}

function ambiguous(sessions: readonly Session[]): OidcLoginError {
  const list = sessions.map((session) => `  ${describe(session)}`).join('\n')
  return new OidcLoginError(
    'session_ambiguous',
    `There are ${sessions.length} sessions:\n${list}`,
    {
      hint: 'Say which one ends with --oidc-issuer-url, --oidc-client-id and --profile, or end all with --all.',
    },
  )
}
