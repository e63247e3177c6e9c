import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import {
  type DeviceAuthorization,
  type DevicePoll,
  pollDeviceAuthorization,
  startDeviceAuthorization,
} from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import { hasNoBrowser } from '../no-browser.ts'
import type { GrantContext } from './grant.ts'
import { openInBackground } from './invitation.ts'
import { qrCode } from './qr-code.ts'
import { nobodySignedIn } from './time.ts'

/**
 * Signs in on any device with a browser (RFC 8628). It waits no longer than the codes last and no
 * longer than a sign-in may take, so that nobody who waits for the lock is held up by a program
 * that runs unattended.
 */
export async function deviceCode(context: GrantContext): Promise<Session> {
  return await followDevice(context, await startDevice(context))
}

/** Asks the provider for a device code. */
export async function startDevice({
  system,
  provider,
  settings,
}: GrantContext): Promise<DeviceAuthorization> {
  return await startDeviceAuthorization(system, provider, {
    extraScopes: settings.extraScopes,
    pkceMethod: settings.pkceMethod,
    extraParameters: { ...settings.identity.extraParameters, ...settings.oneTimeParameters },
    targets: settings.identity,
  })
}

/** Shows the code, and polls until the user has signed in. */
export async function followDevice(
  context: GrantContext,
  authorization: DeviceAuthorization,
): Promise<Session> {
  const { system, settings } = context
  const startedAt = system.clock.elapsed()
  const deadline = Math.min(authorization.endsAt, startedAt + settings.authenticationTimeoutMs)
  await invite(context, authorization)
  let intervalMs = authorization.intervalMs
  for (;;) {
    if (system.clock.elapsed() + intervalMs > deadline) {
      await system.clock.sleep(Math.max(0, deadline - system.clock.elapsed()), system.interrupted)
      throw nobodySignedIn(deadline - startedAt)
    }
    await system.clock.sleep(intervalMs, system.interrupted)
    const poll = await pollOnce(context, authorization)
    if (poll.kind === 'tokens') return context.toSession(poll.tokens)
    if (poll.kind === 'expired') throw nobodySignedIn(system.clock.elapsed() - startedAt)
    // Both by RFC 8628 §3.5.
    if (poll.kind === 'slow-down') intervalMs += 5_000
    if (poll.kind === 'unreachable') intervalMs = Math.min(intervalMs * 2, longestIntervalMs)
  }
}

const longestIntervalMs = 30_000

type Outcome = DevicePoll | { readonly kind: 'unreachable' }

/** A network that fails for a moment does not end the sign-in of somebody who is typing a code. */
async function pollOnce(
  { system, provider }: GrantContext,
  authorization: DeviceAuthorization,
): Promise<Outcome> {
  try {
    return await pollDeviceAuthorization(system, provider, authorization)
  } catch (error) {
    if (!(error instanceof OidcLoginError) || !passingFailures.has(error.code)) throw error
    system.log.trace(1, () => `the poll failed: ${error.message}`)
    return { kind: 'unreachable' }
  }
}

const passingFailures: ReadonlySet<string> = new Set([
  'provider_unreachable',
  'provider_timed_out',
  'provider_unavailable',
])

async function invite(
  { system, settings }: GrantContext,
  { userCode, verificationUri, verificationUriComplete }: DeviceAuthorization,
): Promise<void> {
  const best = verificationUriComplete ?? verificationUri
  const picture = await qrCode(system, best.href)
  system.terminal.stderr(
    `To sign in, visit this URL in a browser on any device:\n\n  ${verificationUri.href}\n\nand enter the code ${printable(userCode, 64)}.${picture ? `\n\n${picture}` : ''}`,
  )
  if (!settings.skipOpenBrowser && !hasNoBrowser(system, settings)) {
    openInBackground(system, settings, best)
  }
}
