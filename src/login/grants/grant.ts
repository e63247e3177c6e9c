import type { Provider, TokenSet } from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import type { System } from '../../system/index.ts'
import type { SignInSettings } from '../settings.ts'

/** What a grant works with. */
export interface GrantContext {
  readonly system: System
  readonly provider: Provider
  readonly settings: SignInSettings
  /**
   * Makes the session of the tokens, so that a grant that shows a result page knows whether they
   * are enough before it says so.
   *
   * @throws OidcLoginError `token_missing`
   */
  toSession(tokens: TokenSet): Session
  /**
   * Leaves something to be done when the session has been handed out. It is called once after the grant has succeeded, and
   * never throws.
   */
  afterwards(farewell: () => Promise<void>): void
}

/**
 * One way of signing in.
 *
 * @throws OidcLoginError `sign_in_refused`, `sign_in_timed_out`, `interrupted`, and what the provider
 *   room throws
 */
export type Grant = (context: GrantContext) => Promise<Session>
