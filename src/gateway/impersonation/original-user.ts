import type { UserInfo } from '../identity/index.ts'

/** The domain of our own extra keys. Nobody else's values may stand below it (rules A16, A22). */
export const ownExtraDomain = 'oidc-gateway/'

/**
 * The extra key under which the API server's audit log finds who really sent a request that was made
 * with `kubectl --as`: JSON of the token's user. A key without a `/` would be refused by constrained
 * impersonation.
 */
export const originalUserKey = `${ownExtraDomain}original-user`

/** The value of {@link originalUserKey}. */
export function originalUserValue(user: UserInfo): string {
  return JSON.stringify({
    username: user.username,
    ...(user.uid === '' ? {} : { uid: user.uid }),
    ...(user.groups.length === 0 ? {} : { groups: user.groups }),
  })
}
