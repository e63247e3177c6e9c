/** What somebody wants Keycloak to hold. */
export interface Wish {
  /** Name of the realm; never `master`. */
  readonly realm: string
  /** OAuth client id of the public client that the plugin uses. */
  readonly clientId: string
  /** Redirect URIs beside those of the plugin. */
  readonly moreRedirectUris: readonly string[]
  /** Whether the client may use the device grant (RFC 8628). */
  readonly mayUseDeviceGrant: boolean
  /** Whether the client may hand over passwords (RFC 6749 §4.3). */
  readonly mayUsePasswordGrant: boolean
  /** Whether groups are told as `/team/admins` in the place of `admins`. */
  readonly tellsFullGroupPath: boolean
  /** Names of groups that are there, at the top. */
  readonly groups: readonly string[]
  /** User name of somebody to try the sign-in with, a member of all these groups. */
  readonly testUser: string | undefined
}
