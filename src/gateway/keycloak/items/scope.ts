import { OidcLoginError } from '../../../errors.ts'
import type { AdminApi } from '../admin-api.ts'
import type { DesiredScope } from '../desired.ts'
import { objectsIn, textsIn } from '../json.ts'
import { findClient, pathOf } from './client.ts'
import type { Item } from './item.ts'

/** A built-in client scope that the client has. A new client gets those of its realm by itself. */
export function scopeItem(api: AdminApi, clientId: string, { name, kind }: DesiredScope): Item {
  return {
    name: `scope ${name} of the client ${clientId}`,
    async look() {
      const client = await findClient(api, clientId)
      const scopes = [client?.defaultClientScopes, client?.optionalClientScopes].flatMap(textsIn)
      if (scopes.includes(name)) return undefined
      return {
        kind: 'create',
        differences: [],
        async make() {
          const id = await idOfScope(api, name)
          await api.write(
            'PUT',
            `${pathOf(client)}/${kind}-client-scopes/${id}`,
            {},
            {
              task: `give the scope ${name} to the client ${clientId}`,
              role: 'manage-clients',
            },
          )
        },
      }
    },
  }
}

async function idOfScope(api: AdminApi, name: string): Promise<string> {
  const errand = { task: 'see the client scopes', role: 'view-clients' }
  const scopes = objectsIn(await api.read('/client-scopes', errand))
  const scope = scopes.find((candidate) => candidate.name === name)
  if (scope) return encodeURIComponent(String(scope.id))
  throw new OidcLoginError('realm_unsuitable', `The realm has no client scope "${name}".`, {
    hint: 'Each realm has it from its start, unless it was imported with others. Make it anew under "Client scopes", or use another realm.',
  })
}
