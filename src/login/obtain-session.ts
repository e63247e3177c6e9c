import { OidcLoginError } from '../errors.ts'
import { whileLocked } from '../lock/index.ts'
import { inSeconds } from '../seconds.ts'
import {
  type CoolDown,
  coolDown,
  isFresh,
  type ReadOutcome,
  type Session,
  type SessionKey,
  type SessionStore,
} from '../session/index.ts'
import type { System } from '../system/index.ts'
import { renew } from './renew.ts'
import { isUnattended, type ObtainSettings } from './settings.ts'
import { type SignedIn, signIn } from './sign-in.ts'

/** A session that can be used now. */
export interface Obtained {
  readonly session: Session
  /** Why the session could not be kept, when that failed; it is good all the same. */
  readonly notKept?: OidcLoginError | undefined
}

/** Time for the requests around a sign-in: discovery, token exchange, keys. */
const requestsMs = 60_000

type Found = Extract<ReadOutcome, { kind: 'found' }>

/** What the story needs to know from its beginning to its end. */
interface Story {
  readonly system: System
  readonly store: SessionStore
  readonly key: SessionKey
  readonly settings: ObtainSettings
}

/**
 * Obtains a session that is good for a request: under the lock, what another process has stored
 * meanwhile is used; else the session is refreshed; else the user signs in. A refresh token that
 * rotates would be lost if two processes used it.
 *
 * @throws OidcLoginError `lock_timed_out`, `cooling_down`, `session_unreadable`, `keychain_…` before
 *   anybody is asked to sign in, and what refreshing and signing in throw
 */
export async function obtainSession(
  system: System,
  store: SessionStore,
  key: SessionKey,
  settings: ObtainSettings,
): Promise<Obtained> {
  const story: Story = { system, store, key, settings }
  const exclusive = {
    system,
    store,
    key,
    purpose: 'signing in',
    timeoutMs: settings.lockTimeoutMs,
    holdAtMostMs: settings.signIn.authenticationTimeoutMs + requestsMs,
  }
  return await whileLocked(exclusive, async () => {
    const found = await readStored(story)
    const stored = found?.session
    const isGood =
      stored !== undefined &&
      settings.from === 'cached' &&
      isFresh(stored, system.clock.now()) &&
      stored.proof === settings.signIn.presented?.digest
    if (isGood && !found?.isMisplaced) {
      system.log.trace(1, () => 'another process has renewed the session')
      return { session: stored }
    }
    await store.prepare()
    if (stored !== undefined && found?.isMisplaced) {
      const moved = await keep(story, stored)
      if (isGood) return moved
    }
    const renewed = await renewStored(story, stored)
    if (renewed !== undefined) return renewed
    return await handOut(story, await signInOnce(story), stored)
  })
}

async function readStored({ system, store, key }: Story): Promise<Found | undefined> {
  const outcome = await store.read(key)
  if (outcome.kind === 'damaged') {
    system.terminal.stderr(`The stored session is ignored: ${outcome.reason}.`)
  }
  return outcome.kind === 'found' ? outcome : undefined
}

async function renewStored(
  story: Story,
  stored: Session | undefined,
): Promise<Obtained | undefined> {
  const { system, store, key, settings } = story
  if (stored?.refreshToken === undefined || settings.from === 'sign-in') return undefined
  system.log.trace(1, () => 'refreshing the session')
  try {
    const renewal = await renew(system, settings.signIn, stored, stored.refreshToken)
    if (renewal.kind === 'renewed') return await keep(story, renewal.session)
    if (renewal.kind === 'foreign') {
      await store.remove(key)
      throw renewal.error
    }
    return await renewReplaced(story, stored, renewal.reason)
  } catch (error) {
    return { session: stillUsable(story, stored, error) }
  }
}

/** A process that held no lock may have used the refresh token before us; then its result counts. */
async function renewReplaced(
  story: Story,
  ended: Session,
  reason: string,
): Promise<Obtained | undefined> {
  const latest = (await readStored(story))?.session
  if (latest === undefined || latest.refreshToken === ended.refreshToken) {
    story.system.terminal.stderr(`${reason} Signing in again.`)
    return undefined
  }
  if (isFresh(latest, story.system.clock.now())) return { session: latest }
  return await renewStored(story, latest)
}

/** Failures of the provider that say nothing about the session. */
const passingFailures: ReadonlySet<string> = new Set([
  'provider_unreachable',
  'provider_timed_out',
  'provider_unavailable',
])

/** Below this a token might end on its way to the API server. */
const leastRemainingMs = 5_000

/** While the provider hiccups, a token that has not ended yet is better than an error. */
function stillUsable({ system, settings }: Story, stored: Session, error: unknown): Session {
  const isPassing = error instanceof OidcLoginError && passingFailures.has(error.code)
  const remainingMs = stored.expiresAt - system.clock.now()
  if (!isPassing || settings.from !== 'cached' || remainingMs < leastRemainingMs) throw error
  system.terminal.stderr(
    `The session could not be refreshed, but lasts ${inSeconds(remainingMs)} more. ${error.message}`,
  )
  return { ...stored, refreshAt: stored.expiresAt }
}

async function signInOnce(story: Story): Promise<SignedIn> {
  const { system, settings } = story
  const lastFailure = lastFailureOf(story)
  if (!lastFailure) return await signIn(system, settings.signIn)
  if (settings.from !== 'sign-in') {
    const { startedAt } = system.process
    lastFailure.check({ ...settings, startedAt })
  }
  try {
    return await signIn(system, settings.signIn)
  } catch (error) {
    if (isWorthRemembering(error)) quietly(() => lastFailure.remember(error.message, settings))
    throw error
  }
}

/** The last sign-in that a person failed at; undefined where none is remembered. */
function lastFailureOf({ system, store, key, settings }: Story): CoolDown | undefined {
  if (store.folder === undefined || isUnattended(settings.signIn)) return undefined
  return coolDown(system, store.folder, key)
}

function isWorthRemembering(error: unknown): error is OidcLoginError {
  return error instanceof OidcLoginError && (error.exitCode === 4 || error.exitCode === 5)
}

/** The cool-down only saves attempts: where it cannot be written, nothing is lost. */
function quietly(operation: () => void): void {
  try {
    operation()
  } catch {
    // The session itself meets the same obstacle and reports it.
  }
}

function adviseOnce({ system, settings }: Story, session: Session, before?: Session): Session {
  if (session.refreshToken !== undefined || isUnattended(settings.signIn)) return session
  if (before?.toldAboutMissingRefreshToken !== true) {
    const asked = settings.signIn.extraScopes.includes('offline_access')
    system.terminal.stderr(
      asked
        ? 'The provider issued no refresh token although offline_access was asked for: you will have to sign in again when this session ends. Allow refresh tokens for this client at the provider.'
        : 'The provider issued no refresh token: you will have to sign in again when this session ends. With --oidc-extra-scope=offline_access most providers issue one.',
    )
  }
  return { ...session, toldAboutMissingRefreshToken: true }
}

/**
 * Whoever called gets the session first, then the browser its page, and then it is kept: what becomes of one of them
 * changes nothing for the others.
 */
async function handOut(story: Story, signedIn: SignedIn, before?: Session): Promise<Obtained> {
  try {
    story.settings.onSignedIn?.(signedIn.session)
  } catch (error) {
    await conclude(story, signedIn, before)
    throw error
  }
  return await conclude(story, signedIn, before)
}

async function conclude(
  story: Story,
  { session, farewell }: SignedIn,
  before?: Session,
): Promise<Obtained> {
  const told = farewell()
  quietly(() => lastFailureOf(story)?.forget())
  try {
    return await keep(story, adviseOnce(story, session, before))
  } finally {
    await told
  }
}

/** A sign-in that succeeded is never lost because saving failed. */
async function keep({ store, key }: Story, session: Session): Promise<Obtained> {
  try {
    await store.write(key, session)
    return { session }
  } catch (error) {
    if (!(error instanceof OidcLoginError)) throw error
    return { session, notKept: error }
  }
}
