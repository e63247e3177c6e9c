import type { AdminApi } from '../admin-api.ts'
import { desiredClient, newClientScopes } from '../desired.ts'
import { differencesOf, withWanted } from '../differences.ts'
import { objectsIn, type Representation } from '../json.ts'
import type { Wish } from '../wish.ts'
import type { Item } from './item.ts'

/** The public client that the plugin uses. */
export function clientItem(api: AdminApi, wish: Wish): Item {
  const { clientId } = wish
  const wanted = desiredClient(wish)
  return {
    name: `client ${clientId}`,
    async look() {
      const client = await findClient(api, clientId)
      if (client === undefined) {
        const errand = { task: `create the client ${clientId}`, role: 'manage-clients' }
        return {
          kind: 'create',
          differences: differencesOf(wanted, {}),
          make: async () =>
            await api.write('POST', '/clients', { ...wanted, ...newClientScopes }, errand),
        }
      }
      const differences = differencesOf(wanted, client)
      if (differences.length === 0) return undefined
      const errand = { task: `change the client ${clientId}`, role: 'manage-clients' }
      // The mapper is an item of its own, and an old one must not come along.
      const { protocolMappers: _, ...others } = client
      return {
        kind: 'change',
        differences,
        make: async () =>
          await api.write('PUT', pathOf(client), withWanted(wanted, others), errand),
      }
    },
  }
}

/** The client as Keycloak has it; undefined when there is none, or no realm. */
export async function findClient(
  api: AdminApi,
  clientId: string,
): Promise<Representation | undefined> {
  const found = await api.read(`/clients?clientId=${encodeURIComponent(clientId)}`, {
    task: `see the client ${clientId}`,
    role: 'view-clients',
  })
  return objectsIn(found).find((client) => client.clientId === clientId)
}

/** Where a client is, below its realm. */
export function pathOf(client: Representation | undefined): string {
  return `/clients/${encodeURIComponent(String(client?.id))}`
}
