import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestAccount } from '../../world/provider-accounts.ts'
import {
  type RealmOptions,
  type RecordedEvent,
  realmRepresentation,
  subjectOf,
} from './realm-representation.ts'
import { type KeycloakAnswer, send } from './request.ts'
import type { KeycloakAccess } from './server.ts'

/** A realm with its own people, clients and keys: tests do not see each other. */
export interface Realm {
  readonly name: string
  readonly issuer: string
  /** Certificate of the authority that vouches for Keycloak. */
  readonly caPem: string
  /** The claim `sub` of a person, stable as long as the realm keeps its name. */
  subjectOf(account: Person): string
  /** How many times something has happened. */
  countEvents(type: RecordedEvent): Promise<number>
  /** How many sessions a person has, in browsers and offline. */
  countSessions(account: Person): Promise<number>
  /** Ends all sessions of a person, as an administrator does. */
  endSessions(account: Person): Promise<void>
  /** Posts to the token endpoint, as any program may. */
  requestToken(form: Readonly<Record<string, string>>): Promise<KeycloakAnswer>
}

/** Somebody who has an account. */
export type Person = Pick<TestAccount, 'username'>

/** A name that no other realm has. */
export function newRealmName(): string {
  return `realm-${randomBytes(4).toString('hex')}`
}

/** Makes a realm in a running Keycloak. Without a name it is one that nobody else has. */
export async function createRealm(
  access: KeycloakAccess,
  options: RealmOptions & { readonly name?: string } = {},
): Promise<Realm> {
  const { name = newRealmName() } = options
  const administer = administration(access)
  await administer('POST', '/admin/realms', realmRepresentation(name, options))
  return realmNamed(access, name)
}

/** A realm that is there already. */
export function realmNamed(access: KeycloakAccess, name: string): Realm {
  const { origin, caPem } = access
  const issuer = `${origin}/realms/${name}`
  const administer = administration(access)
  const below = `/admin/realms/${name}`
  return {
    name,
    issuer,
    caPem,
    subjectOf: (account) => subjectOf(name, account),
    countEvents: async (type) => lengthOf(await administer('GET', `${below}/events?type=${type}`)),
    async countSessions(account) {
      const [client] = asList(await administer('GET', `${below}/clients?clientId=kubernetes`))
      const user = `${below}/users/${subjectOf(name, account)}`
      const online = await administer('GET', `${user}/sessions`)
      const offline = await administer('GET', `${user}/offline-sessions/${Object(client).id}`)
      return lengthOf(online) + lengthOf(offline)
    },
    async endSessions(account) {
      // Keycloak counts in seconds: an offline token of this second would outlive it.
      await sleep(1_000)
      await administer('POST', `${below}/users/${subjectOf(name, account)}/logout`)
    },
    requestToken: async (form) =>
      await send({ method: 'POST', url: `${issuer}/protocol/openid-connect/token`, caPem, form }),
  }
}

/** Calls the Admin API. Rejects unless it answers with success. */
export function administration({
  origin,
  caPem,
  adminPassword,
}: KeycloakAccess): (method: string, path: string, body?: unknown) => Promise<unknown> {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const form = {
      grant_type: 'password',
      client_id: 'admin-cli',
      username: 'admin',
      password: adminPassword,
    }
    const url = `${origin}/realms/master/protocol/openid-connect/token`
    const signedIn = await send({ method: 'POST', url, caPem, form })
    const token = String(Object(signedIn.json).access_token)
    const answer = await send({ method, url: origin + path, caPem, token, body })
    if (answer.status >= 300) throw new Error(`${method} ${path}: status ${answer.status}`)
    return answer.json
  }
}

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('Keycloak did not answer with a list')
  return value
}

function lengthOf(value: unknown): number {
  return asList(value).length
}
