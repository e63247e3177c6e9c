import type { AdminApi } from '../admin-api.ts'
import { groupsClaim } from '../desired.ts'
import { findClient } from './client.ts'
import { claimOf, groupsMapperOf, mappersOf } from './mapper.ts'
import { clientScopes, scopesOf } from './scope.ts'

/** Claims that decide who somebody is. */
const decisiveClaims = ['sub', 'preferred_username', groupsClaim]

/**
 * Mappers beside ours that write into what RBAC trusts: of the client, and of the scopes for which people
 * may ask.
 *
 * @returns what they are, such as `mapper nick of the client kubernetes`; names are as Keycloak has them
 */
export async function rivalMappers(api: AdminApi, clientId: string): Promise<string[]> {
  const client = await findClient(api, clientId)
  const own = groupsMapperOf(client)
  const named = scopesOf(client)
  const scopes = (await clientScopes(api)).filter(({ name }) => named.includes(String(name)))
  return [
    ...mappersOf(client)
      .filter((mapper) => mapper.id !== own?.id && decisiveClaims.includes(claimOf(mapper)))
      .map(({ name }) => `mapper ${name} of the client ${clientId}`),
    ...scopes.flatMap((scope) =>
      mappersOf(scope)
        // The scope "profile" rightly writes preferred_username.
        .filter((mapper) => claimOf(mapper) === groupsClaim)
        .map(({ name }) => `mapper ${name} of the client scope ${scope.name}`),
    ),
  ]
}
