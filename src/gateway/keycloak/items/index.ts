import type { AdminApi } from '../admin-api.ts'
import { desiredScopes } from '../desired.ts'
import type { Wish } from '../wish.ts'
import { clientItem } from './client.ts'
import { groupItem } from './group.ts'
import type { Item } from './item.ts'
import { mapperItem } from './mapper.ts'
import { realmItem } from './realm.ts'
import { scopeItem } from './scope.ts'
import { membershipItem, userItem } from './user.ts'

export type { Change, Item } from './item.ts'
export { rivalMappers } from './rivals.ts'
export { findUser } from './user.ts'

/**
 * Everything that is wanted, in the order in which it is made.
 *
 * @param passwordOf asks for the password of the test user, when there is to be one
 */
export function itemsFor(
  api: AdminApi,
  wish: Wish,
  passwordOf: () => Promise<string>,
): readonly Item[] {
  const { clientId, groups, testUser } = wish
  return [
    realmItem(api, wish),
    clientItem(api, wish),
    mapperItem(api, wish),
    ...desiredScopes.map((scope) => scopeItem(api, clientId, scope)),
    ...groups.map((name) => groupItem(api, name)),
    ...(testUser === undefined
      ? []
      : [
          userItem(api, testUser, passwordOf),
          ...groups.map((name) => membershipItem(api, testUser, name)),
        ]),
  ]
}
