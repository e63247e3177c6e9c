import { OidcLoginError } from '../errors.ts'
import { whileLocked } from '../lock/index.ts'
import { printable } from '../printable.ts'
import {
  discoverProvider,
  endSessionUrl,
  type Provider,
  type ProviderSettings,
  revokeRefreshToken,
} from '../provider/index.ts'
import {
  coolDown,
  idTokenOf,
  type Session,
  type SessionStore,
  sessionKey,
} from '../session/index.ts'
import type { System } from '../system/index.ts'
import { handOff } from './hand-off.ts'

/** How a session is ended. */
export interface EndSettings {
  /** How the provider is reached: without the issuer and client, which the session names. */
  readonly connection: Omit<ProviderSettings, 'issuer' | 'clientId'>
  /** Whether the URL that ends the provider's session is printed, not opened. */
  readonly skipOpenBrowser: boolean
  /** Program that is run with the URL in the place of the default browser. */
  readonly browserCommand?: string | undefined
}

/** Another process that renews the session now is done soon, or is signing somebody in. */
const lockTimeoutMs = 10_000

/**
 * Ends a session everywhere: revokes its refresh token, deletes it here, and signs the browser out at
 * the provider. What the provider cannot be told is said, and never keeps the session from being
 * deleted.
 *
 * @throws OidcLoginError `session_unwritable` when it could not be deleted, `lock_timed_out`
 */
export async function endSession(
  system: System,
  store: SessionStore,
  session: Session,
  settings: EndSettings,
): Promise<void> {
  const key = sessionKey(session.identity)
  const exclusive = {
    system,
    store,
    key,
    purpose: 'logging out',
    timeoutMs: lockTimeoutMs,
    holdAtMostMs: 60_000,
  }
  const provider = await whileLocked(exclusive, async () => {
    // Another process may have renewed it since it was listed: its old refresh token is void.
    const latest = await store.read(key)
    const reached = await revoke(
      system,
      latest.kind === 'found' ? latest.session : session,
      settings,
    )
    await store.remove(key)
    if (store.folder !== undefined) coolDown(system, store.folder, key).forget()
    return reached
  })
  system.terminal.stderr(`Deleted the session of ${describe(session)}.`)
  if (provider) await endAtProvider(system, provider, session, settings)
}

/** Names a session for people: who, where. */
export function describe(session: Session): string {
  const name = session.username ?? session.subject ?? 'an unnamed user'
  const { issuer, clientId, profile } = session.identity
  const account = profile ? `, profile ${printable(profile)}` : ''
  return `${printable(name)} at ${printable(issuer)} (client ${printable(clientId)}${account})`
}

async function revoke(
  system: System,
  session: Session,
  settings: EndSettings,
): Promise<Provider | undefined> {
  try {
    const provider = await discoverProvider(system, {
      ...settings.connection,
      issuer: session.identity.issuer,
      clientId: session.identity.clientId,
      certificateAuthorities: [
        ...settings.connection.certificateAuthorities,
        ...(session.certificateAuthorities ?? []),
      ],
    })
    if (session.refreshToken !== undefined) {
      await revokeAt(system, provider, session.refreshToken)
    }
    return provider
  } catch (error) {
    warn(system, 'Nothing could be revoked at the provider', error)
    return undefined
  }
}

async function revokeAt(system: System, provider: Provider, refreshToken: string): Promise<void> {
  try {
    const isRevoked = await revokeRefreshToken(provider, refreshToken)
    system.terminal.stderr(
      isRevoked
        ? 'Revoked the refresh token.'
        : 'The refresh token was not revoked: the provider offers no revocation. It ends by itself.',
    )
  } catch (error) {
    warn(system, 'The refresh token could not be revoked', error)
  }
}

async function endAtProvider(
  system: System,
  provider: Provider,
  session: Session,
  settings: EndSettings,
): Promise<void> {
  const safeUrl = quietUrl(() => endSessionUrl(provider))
  if (safeUrl === undefined) return
  const idToken = idTokenOf(session)
  const url = endSessionUrl(provider, idToken) ?? safeUrl
  const isOpened =
    !settings.skipOpenBrowser && (await handOff(system, url, settings.browserCommand))
  system.terminal.stderr(
    isOpened
      ? 'Opened your browser to end the session at the provider.'
      : `To end the session at the provider too, visit:\n\n  ${safeUrl.href}\n`,
  )
}

/** A logout is complete without the page; what the provider says of it may be no URL at all. */
function quietUrl(build: () => URL | undefined): URL | undefined {
  try {
    const url = build()
    return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined
  } catch {
    return undefined
  }
}

function warn(system: System, what: string, error: unknown): void {
  if (!(error instanceof OidcLoginError) || error.code === 'interrupted') throw error
  system.terminal.stderr(`${what}: ${error.message}`)
  if (error.hint) system.terminal.stderr(error.hint)
}
