import type { UserInfo } from '../identity/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { ImpersonationPolicy } from './policy.ts'

/**
 * Refuses identities that only the cluster itself may give: `system:masters` skips every authorizer,
 * `system:node:…` and `system:serviceaccount:…` are other people. kube-apiserver leaves this to the
 * operator's validation rules. Refused, not dropped: a user who is served without a group would be told
 * the wrong thing (rules A13, A14).
 */
export function reservedRefusal(user: UserInfo, policy: ImpersonationPolicy): Refusal | undefined {
  if (user.username.startsWith('system:') || policy.reservedUsers.includes(user.username)) {
    return reserved('The provider gave you a user name that is reserved for the cluster.')
  }
  const isReserved = user.groups.some(
    (group) =>
      policy.reservedGroups.includes(group) ||
      (group.startsWith('system:') &&
        group !== 'system:authenticated' &&
        !policy.allowedReservedGroups.includes(group)),
  )
  if (!isReserved) return undefined
  return reserved('The provider gave you a group that is reserved for the cluster.')
}

function reserved(message: string): Refusal {
  return refuse(403, 'identity_reserved', message)
}
