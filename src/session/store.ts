import type { SessionKey } from './key.ts'
import type { Session } from './session.ts'

/** What was found under a key. */
export type ReadOutcome =
  | {
      readonly kind: 'found'
      readonly session: Session
      /** Whether the session lies there in another form than this store writes, and must be moved. */
      readonly isMisplaced?: boolean | undefined
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly reason: string }

/** A session file of which a list can tell nothing but this. */
export interface UnreadableFile {
  readonly path: string
  /** Why: whole sentences, or a clause without a full stop. */
  readonly reason: string
}

/** Where sessions are kept. */
export interface SessionStore {
  /** The folder of lock files and cool-downs; undefined when nothing is kept, so nothing is shared. */
  readonly folder: string | undefined
  /** Where and how sessions are kept, for people: a phrase. */
  describe(): string
  /**
   * Makes sure that a session can be kept in the chosen way, before a user is asked to sign in. What
   * only shows when writing (a full disk) is not looked for: a sign-in is worth something without.
   *
   * @throws OidcLoginError `keychain_package_missing`, `keychain_unavailable`, `keychain_locked`
   */
  prepare(): Promise<void>
  /**
   * Reads a session.
   *
   * @throws OidcLoginError `session_unreadable` when the operating system refuses, or when the
   *   session belongs to another user; `keychain_…` when its key cannot be had
   */
  read(key: SessionKey): Promise<ReadOutcome>
  /**
   * Replaces a session as a whole.
   *
   * @throws OidcLoginError `session_unwritable`
   */
  write(key: SessionKey, session: Session): Promise<void>
  /**
   * Deletes a session and what belongs to it. Nothing happens when there is none.
   *
   * @throws OidcLoginError `session_unwritable`
   */
  remove(key: SessionKey): Promise<void>
  /**
   * All sessions that can be read.
   *
   * @param onUnreadable called with each file that cannot: a session may be in it all the same
   * @throws OidcLoginError `session_unreadable` for the folder; `keychain_…`
   */
  list(onUnreadable?: (file: UnreadableFile) => void): Promise<readonly Session[]>
}
