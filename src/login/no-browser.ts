import { browserAvailability, type Surroundings } from '../system/index.ts'
import type { SignInSettings } from './settings.ts'

/**
 * Why a browser opened here would be seen by nobody: the end of a sentence that begins with
 * "because", without a full stop; undefined when a browser can be opened. One that the user has
 * named is believed in.
 */
export function reasonForNoBrowser(
  surroundings: Surroundings,
  { browserCommand }: Pick<SignInSettings, 'browserCommand'>,
): string | undefined {
  if (browserCommand !== undefined) return undefined
  const { isAvailable, reason } = browserAvailability(surroundings)
  return isAvailable ? undefined : reason
}

/** Whether a browser opened here would be seen by nobody, see {@link reasonForNoBrowser}. */
export function hasNoBrowser(
  surroundings: Surroundings,
  settings: Pick<SignInSettings, 'browserCommand'>,
): boolean {
  return reasonForNoBrowser(surroundings, settings) !== undefined
}
