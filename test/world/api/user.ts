/** Who makes a request, as `SelfSubjectReview` tells. */
export interface UserInfo {
  readonly username: string
  readonly uid: string | undefined
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/** The group of everybody who has proved who they are. */
export const authenticatedGroup = 'system:authenticated'

/** Members may do everything: kube-apiserver itself hard-wires this group. */
export const superuserGroup = 'system:masters'

/** Makes an authenticated user. */
export function authenticatedUser(
  username: string,
  groups: readonly string[] = [],
  more: Partial<Pick<UserInfo, 'uid' | 'extra'>> = {},
): UserInfo {
  return {
    username,
    uid: more.uid,
    groups: [...new Set([...groups, authenticatedGroup])],
    extra: more.extra ?? {},
  }
}

/** Somebody without a credential. */
export const anonymousUser: UserInfo = {
  username: 'system:anonymous',
  uid: undefined,
  groups: ['system:unauthenticated'],
  extra: {},
}
