import type { AdminApi } from '../admin-api.ts'
import { desiredUser } from '../desired.ts'
import { differencesOf } from '../differences.ts'
import { objectsIn, type Representation } from '../json.ts'
import { findGroup } from './group.ts'
import type { Item } from './item.ts'

/**
 * Somebody to try the sign-in with. Who is there already stays as he is, with his password.
 *
 * @param passwordOf asks for the password of somebody new
 */
export function userItem(api: AdminApi, username: string, passwordOf: () => Promise<string>): Item {
  const wanted = desiredUser(username)
  let password = ''
  return {
    name: `user ${username}`,
    async prepare() {
      password = await passwordOf()
    },
    async look() {
      if (await findUser(api, username)) return undefined
      return {
        kind: 'create',
        differences: differencesOf(wanted, {}),
        async make() {
          const credentials = [{ type: 'password', value: password, temporary: false }]
          const errand = { task: `create the user ${username}`, role: 'manage-users' }
          await api.write('POST', '/users', { ...wanted, credentials }, errand)
        },
      }
    },
  }
}

/** That a user is a member of a group. */
export function membershipItem(api: AdminApi, username: string, groupName: string): Item {
  const task = `put the user ${username} into the group ${groupName}`
  return {
    name: `user ${username} in the group ${groupName}`,
    async look() {
      const [user, group] = [await findUser(api, username), await findGroup(api, groupName)]
      const groups = user && (await api.read(groupsOf(user), { task, role: 'view-users' }))
      if (group && objectsIn(groups).some(({ id }) => id === group.id)) return undefined
      return {
        kind: 'create',
        differences: [],
        make: async () =>
          await api.write(
            'PUT',
            `${userPath(user)}/groups/${encodeURIComponent(String(group?.id))}`,
            {},
            { task, role: 'manage-users' },
          ),
      }
    },
  }
}

/** The user as Keycloak has it; its `id` is the claim `sub`. */
export async function findUser(
  api: AdminApi,
  username: string,
): Promise<Representation | undefined> {
  const found = await api.read(`/users?exact=true&username=${encodeURIComponent(username)}`, {
    task: `see the user ${username}`,
    role: 'view-users',
  })
  return objectsIn(found).find((user) => user.username === username)
}

function userPath(user: Representation | undefined): string {
  return `/users/${encodeURIComponent(String(user?.id))}`
}

function groupsOf(user: Representation): string {
  return `${userPath(user)}/groups?max=10000`
}
