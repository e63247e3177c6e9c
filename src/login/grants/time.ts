import { OidcLoginError } from '../../errors.ts'
import type { GrantContext } from './grant.ts'

/**
 * Waits until the user's time is up.
 *
 * @param signal ends the waiting
 * @throws OidcLoginError `sign_in_timed_out`, always
 */
export async function timeIsUp(
  { system, settings }: Pick<GrantContext, 'system' | 'settings'>,
  signal: AbortSignal,
): Promise<never> {
  await system.clock.sleep(settings.authenticationTimeoutMs, signal)
  throw nobodySignedIn(settings.authenticationTimeoutMs)
}

/** The error for a user who did not come within `durationMs`. */
export function nobodySignedIn(durationMs: number): OidcLoginError {
  const seconds = Math.round(durationMs / 1000)
  return new OidcLoginError('sign_in_timed_out', `Nobody signed in within ${seconds} s.`, {
    hint: 'Run the command again. To have more time, give --authentication-timeout-sec.',
  })
}
