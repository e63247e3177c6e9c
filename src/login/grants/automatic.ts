import { OidcLoginError } from '../../errors.ts'
import { type DeviceAuthorization, offersDeviceAuthorization } from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import { hasNoBrowser } from '../no-browser.ts'
import { authorizationCode } from './authorization-code.ts'
import { followDevice, startDevice } from './device-code.ts'
import type { GrantContext } from './grant.ts'
import { password } from './password.ts'

/**
 * Chooses: the password when a user name is given, as int128/kubelogin does; a device code when no
 * browser could be opened here and the provider issues one; else the browser.
 */
export async function automatic(context: GrantContext): Promise<Session> {
  if (context.settings.username !== undefined) return await password(context)
  const authorization = await deviceAuthorization(context)
  return authorization === undefined
    ? await authorizationCode(context)
    : await followDevice(context, authorization)
}

/** Keycloak and others announce device sign-in for all clients, and refuse it to most. */
async function deviceAuthorization(
  context: GrantContext,
): Promise<DeviceAuthorization | undefined> {
  const { system, provider, settings } = context
  if (settings.skipOpenBrowser || !hasNoBrowser(system, settings)) return undefined
  if (!offersDeviceAuthorization(provider)) return undefined
  try {
    return await startDevice(context)
  } catch (error) {
    if (!(error instanceof OidcLoginError) || error.exitCode !== 4) throw error
    system.log.trace(1, () => `no device sign-in: ${error.message}`)
    return undefined
  }
}
