import { OidcLoginError } from '../../../errors.ts'
import type { AdminApi, Errand } from '../admin-api.ts'
import type { DesiredScope } from '../desired.ts'
import { objectsIn, type Representation, textsIn } from '../json.ts'
import { findClient, pathOf } from './client.ts'
import type { Item } from './item.ts'

/** That the client has a built-in client scope, or has it not. */
export function scopeItem(api: AdminApi, clientId: string, { name, kind }: DesiredScope): Item {
  const title = `scope ${name} of the client ${clientId}`
  if (kind === 'none') return absentScopeItem(api, clientId, name)
  return {
    name: title,
    async look() {
      const client = await findClient(api, clientId)
      if (scopesOf(client).includes(name)) return undefined
      return {
        kind: 'create',
        differences: [],
        async make() {
          const path = `${pathOf(client)}/${kind}-client-scopes/${await idOfScope(api, name)}`
          await api.write('PUT', path, {}, errandFor(`give the ${title}`))
        },
      }
    },
  }
}

function absentScopeItem(api: AdminApi, clientId: string, name: string): Item {
  return {
    name: `client ${clientId} without the scope ${name}`,
    async look() {
      const client = await findClient(api, clientId)
      const kinds = (['default', 'optional'] as const).filter((kind) =>
        textsIn(client?.[`${kind}ClientScopes`]).includes(name),
      )
      if (kinds.length === 0) return undefined
      return {
        kind: 'change',
        differences: kinds.map((kind) => ({
          path: `${kind}ClientScopes`,
          before: JSON.stringify(name),
          after: '(none)',
        })),
        async make() {
          const id = await idOfScope(api, name)
          const errand = errandFor(`take the scope ${name} from the client ${clientId}`)
          for (const kind of kinds) {
            await api.write('DELETE', `${pathOf(client)}/${kind}-client-scopes/${id}`, {}, errand)
          }
        },
      }
    },
  }
}

/** Names of the client scopes of a client. */
export function scopesOf(client: Representation | undefined): readonly string[] {
  return [client?.defaultClientScopes, client?.optionalClientScopes].flatMap(textsIn)
}

/** The client scopes of the realm, with their mappers. */
export async function clientScopes(api: AdminApi): Promise<readonly Representation[]> {
  const errand = { task: 'see the client scopes', role: 'view-clients' }
  return objectsIn(await api.read('/client-scopes', errand))
}

function errandFor(task: string): Errand {
  return { task, role: 'manage-clients' }
}

async function idOfScope(api: AdminApi, name: string): Promise<string> {
  const scope = (await clientScopes(api)).find((candidate) => candidate.name === name)
  if (scope) return encodeURIComponent(String(scope.id))
  throw new OidcLoginError('realm_unsuitable', `The realm has no client scope "${name}".`, {
    hint: 'Each realm has it from its start, unless it was imported with others. Make it anew under "Client scopes", or use another realm.',
  })
}
