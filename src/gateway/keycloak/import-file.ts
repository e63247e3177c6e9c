import {
  desiredClient,
  desiredMapper,
  desiredRealm,
  desiredUser,
  newClientScopes,
} from './desired.ts'
import type { Representation } from './json.ts'
import type { Wish } from './wish.ts'

/**
 * The realm as a file for `kc.sh import` and *Create realm*. It names no `clientScopes`, which would replace
 * the built-in ones, and holds no password.
 */
export function realmImport(wish: Wish): Representation {
  const { realm, groups, testUser } = wish
  return {
    ...desiredRealm(wish),
    clients: [
      { ...desiredClient(wish), ...newClientScopes, protocolMappers: [desiredMapper(wish)] },
    ],
    groups: groups.map((name) => ({ name })),
    users:
      testUser === undefined
        ? []
        : [
            {
              ...desiredUser(testUser),
              groups: groups.map((name) => `/${name}`),
              // An import gives a user no more than it says, and without this no offline session.
              realmRoles: [`default-roles-${realm.toLowerCase()}`],
            },
          ],
  }
}
