import type { AdminApi } from '../admin-api.ts'
import { objectsIn, type Representation } from '../json.ts'
import type { Item } from './item.ts'

/** A group at the top of the realm. */
export function groupItem(api: AdminApi, name: string): Item {
  return {
    name: `group ${name}`,
    async look() {
      if (await findGroup(api, name)) return undefined
      const errand = { task: `create the group ${name}`, role: 'manage-users' }
      return {
        kind: 'create',
        differences: [],
        make: async () => await api.write('POST', '/groups', { name }, errand),
      }
    },
  }
}

/** The group as Keycloak has it. */
export async function findGroup(api: AdminApi, name: string): Promise<Representation | undefined> {
  const found = await api.read(`/groups?exact=true&search=${encodeURIComponent(name)}`, {
    task: `see the group ${name}`,
    role: 'query-groups',
  })
  return objectsIn(found).find((group) => group.name === name)
}
