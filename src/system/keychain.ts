/** Where a secret lies in the keychain. */
export interface KeychainEntry {
  /** Name of the program that owns it. */
  readonly service: string
  /** What it is for. */
  readonly account: string
}

/**
 * The keychain of the operating system. Each operation throws `OidcLoginError`:
 * `keychain_package_missing`, `keychain_unavailable` when this computer has none that works, or
 * `keychain_locked` when it is locked or the user refused its prompt. A prompt takes as long as the
 * user does.
 */
export interface Keychain {
  /** Its name on this platform, for people. */
  readonly name: string
  /** The secret; undefined when there is none. */
  read(entry: KeychainEntry): Promise<string | undefined>
  /** Stores or replaces a secret. */
  write(entry: KeychainEntry, secret: string): Promise<void>
  /** Deletes a secret. @returns false when there was none */
  remove(entry: KeychainEntry): Promise<boolean>
}
