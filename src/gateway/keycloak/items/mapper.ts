import type { AdminApi } from '../admin-api.ts'
import { desiredMapper, groupsClaim } from '../desired.ts'
import { differencesOf, withWanted } from '../differences.ts'
import { objectIn, objectsIn, type Representation } from '../json.ts'
import type { Wish } from '../wish.ts'
import { findClient, pathOf } from './client.ts'
import type { Item } from './item.ts'

/** The mapper of the client that writes the groups. One of another name that does so already is used. */
export function mapperItem(api: AdminApi, wish: Wish): Item {
  const { clientId } = wish
  const { name, ...wanted } = desiredMapper(wish)
  return {
    name: `mapper ${groupsClaim} of the client ${clientId}`,
    async look() {
      const mapper = groupsMapperOf(await findClient(api, clientId))
      const differences = differencesOf(wanted, mapper ?? {})
      if (mapper && differences.length === 0) return undefined
      return {
        kind: mapper ? 'change' : 'create',
        differences,
        async make() {
          const path = `${pathOf(await findClient(api, clientId))}/protocol-mappers/models`
          const errand = {
            task: `${mapper ? 'change' : 'create'} a mapper of the client ${clientId}`,
            role: 'manage-clients',
          }
          if (!mapper) return await api.write('POST', path, { name, ...wanted }, errand)
          const own = `${path}/${encodeURIComponent(String(mapper.id))}`
          await api.write('PUT', own, withWanted(wanted, mapper), errand)
        },
      }
    },
  }
}

/** The mapper of a client that is taken for the one of the groups. */
export function groupsMapperOf(client: Representation | undefined): Representation | undefined {
  const mappers = mappersOf(client)
  return (
    mappers.find(({ name }) => name === groupsClaim) ??
    mappers.find((mapper) => claimOf(mapper) === groupsClaim)
  )
}

/** The mappers of a client or of a client scope. */
export function mappersOf(client: Representation | undefined): readonly Representation[] {
  return objectsIn(client?.protocolMappers)
}

/** The claim that a mapper writes; `undefined` as a text for one that says none. */
export function claimOf({ config }: Representation): string {
  return String(objectIn(config)['claim.name'])
}
