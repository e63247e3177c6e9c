import { stringify } from 'yaml'
import { kubeconfigFiles, readKubeconfig } from '../kubeconfig/index.ts'
import { printable } from '../printable.ts'
import { idTokenOf, type Session, type UnreadableFile } from '../session/index.ts'
import { paint, type System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import { contextsOf } from './kubeconfig-users.ts'
import { everySessionStore } from './session-store.ts'
import { describeUnreadable } from './unreadable-file.ts'

/** What `whoami` tells of one session, without any token. */
interface SessionFacts {
  readonly issuer: string
  readonly clientId: string
  readonly profile: string | null
  readonly subject: string | null
  readonly username: string | null
  readonly groups: readonly string[]
  /** RFC 3339. */
  readonly expiresAt: string
  readonly isExpired: boolean
  readonly isRefreshable: boolean
  /** The folder of the session. */
  readonly storedIn: string | null
  /** Contexts of the kubeconfig that use it. */
  readonly contexts: readonly string[]
}

/**
 * `whoami`: every session that is stored here. Nobody is asked, so a session that the provider has
 * ended meanwhile is shown all the same.
 *
 * @throws OidcLoginError `session_unreadable`, `keychain_…`, `file_unreadable`, `kubeconfig_invalid`
 */
export async function whoami(system: System, options: OptionValues): Promise<void> {
  const store = await everySessionStore(system, options)
  const kubeconfig = readKubeconfig(system, kubeconfigFiles(system, options.text('kubeconfig')))
  const unreadable: UnreadableFile[] = []
  const sessions = await store.list((file) => unreadable.push(file))
  const facts = sessions.map((session): SessionFacts => {
    const { issuer, clientId, profile } = session.identity
    return {
      issuer,
      clientId,
      profile: profile ?? null,
      subject: session.subject ?? null,
      username: session.username ?? null,
      groups: groupsOf(session),
      expiresAt: new Date(session.expiresAt).toISOString(),
      isExpired: session.expiresAt <= system.clock.now(),
      isRefreshable: session.refreshToken !== undefined,
      storedIn: store.folder ?? null,
      contexts: contextsOf(kubeconfig, session.identity),
    }
  })
  const format = options.text('output')
  if (format === 'json') system.terminal.stdout(`${JSON.stringify(facts, null, 2)}\n`)
  else if (format === 'yaml') system.terminal.stdout(stringify(facts, { lineWidth: 0 }))
  else if (facts.length > 0) system.terminal.stdout(table(facts, system.terminal.isStdoutColoured))
  else if (unreadable.length === 0)
    system.terminal.stderr(`Nobody is signed in: no session in ${store.folder ?? 'this storage'}.`)
  for (const file of unreadable) {
    system.terminal.stderr(`Not shown: ${describeUnreadable(file)}`)
  }
}

/** The claim `groups` of the stored ID token, whose signature was checked when it was issued. */
function groupsOf(session: Session): string[] {
  try {
    const payload = Buffer.from(idTokenOf(session)?.split('.')[1] ?? '', 'base64url').toString()
    const claims: unknown = JSON.parse(payload)
    const groups: unknown = Object(claims).groups
    return Array.isArray(groups) ? groups.map(String) : []
  } catch {
    return []
  }
}

function table(facts: readonly SessionFacts[], isColoured: boolean): string {
  const rows = [
    [
      'USER',
      'SUBJECT',
      'GROUPS',
      'ISSUER',
      'CLIENT',
      'PROFILE',
      'EXPIRES',
      'REFRESH',
      'STORED IN',
      'CONTEXTS',
    ],
    ...facts.map((one) => [
      one.username ?? '',
      one.subject ?? '',
      one.groups.join(','),
      one.issuer,
      one.clientId,
      one.profile ?? '',
      one.isExpired ? `${one.expiresAt} (ended)` : one.expiresAt,
      one.isRefreshable ? 'yes' : 'no',
      one.storedIn ?? '',
      one.contexts.join(','),
    ]),
  ].map((row) => row.map((cell) => printable(cell) || '-'))
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '))
    .map((line, index) => {
      const text = line.trimEnd()
      return `${isColoured && index === 0 ? paint(text, 'bold') : text}\n`
    })
    .join('')
}
