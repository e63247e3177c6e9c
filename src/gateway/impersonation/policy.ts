/** How identities become impersonation. Part of the GatewayConfiguration. */
export interface ImpersonationPolicy {
  /** Whether `kubectl --as` is refused, or allowed where the API server would allow it. */
  readonly nested: 'deny' | 'review'
  /**
   * Whether the id of the token (`authentication.kubernetes.io/credential-id`) is passed on, as
   * kube-apiserver does; the gateway then needs the right to impersonate it.
   */
  readonly sendCredentialId: boolean
  /** Reserved groups (`system:…`) that a provider may nevertheless give, by exact name. */
  readonly allowedReservedGroups: readonly string[]
  /** Names that no provider may give, beside those that begin with `system:`. */
  readonly reservedUsers: readonly string[]
  /** Groups that no provider may give, beside those that begin with `system:`. */
  readonly reservedGroups: readonly string[]
  /** How many groups a user may have. */
  readonly maxGroups: number
  /** How many bytes all impersonation headers of a request may take together. */
  readonly maxHeaderBytes: number
  /** Whether names that are not in Unicode normal form C are refused. */
  readonly requireNfc: boolean
}
