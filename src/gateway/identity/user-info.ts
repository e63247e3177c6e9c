/**
 * Who a request is made for, as the API server sees it: the `UserInfo` of
 * `authentication.k8s.io/v1`.
 */
export interface UserInfo {
  /** The name; never empty for an authenticated user. */
  readonly username: string
  /** Empty when the user has none, as in Kubernetes. */
  readonly uid: string
  readonly groups: readonly string[]
  /** Further attributes by key. A Map, because keys come from tokens (`__proto__`). */
  readonly extra: ReadonlyMap<string, readonly string[]>
}
