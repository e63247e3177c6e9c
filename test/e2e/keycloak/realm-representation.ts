import { createHash } from 'node:crypto'
import { jane, john, type TestAccount } from '../../world/provider-accounts.ts'

/** How a realm is to be. */
export interface RealmOptions {
  /** How long ID and access tokens last, in seconds; five minutes by default. */
  readonly tokenLifetimeSec?: number
  /** Whether a refresh token can be used once only. */
  readonly rotateRefreshTokens?: boolean
}

/** The secret of the client `kubernetes-confidential`. */
export const confidentialSecret = 'kubernetes-confidential-secret'

/** Mallory, who has chosen a first name and a group that a careless cluster would believe. */
export const mallory: TestAccount = {
  sub: 'c61f0a54-2f7e-4d0b-9b9c-6a4f0e8d7c03',
  username: 'mallory',
  password: 'mallory-password',
  givenName: 'john',
  name: 'john Mallory',
  email: 'mallory@example.com',
  groups: ['system:masters'],
}

const accounts = [john, jane, mallory]

/**
 * The claim `sub` of an account: Keycloak wants it to be another one in every realm, and we want the
 * same one after a restart.
 */
export function subjectOf(realm: string, { username }: Pick<TestAccount, 'username'>): string {
  const digest = createHash('sha256').update(`${realm}/${username}`).digest('hex')
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

/**
 * A realm for Keycloak to import. It names no `clientScopes`: those would replace the built-in ones,
 * and `preferred_username` with them.
 */
export function realmRepresentation(realm: string, options: RealmOptions): unknown {
  const { tokenLifetimeSec = 300, rotateRefreshTokens = false } = options
  return {
    realm,
    enabled: true,
    eventsEnabled: true,
    enabledEventTypes: recordedEvents,
    accessTokenLifespan: tokenLifetimeSec,
    revokeRefreshToken: rotateRefreshTokens,
    clients: [publicClient, confidentialClient],
    groups: [...new Set(accounts.flatMap(({ groups }) => groups))].map((name) => ({ name })),
    users: accounts.map((account) => userOf(account, realm)),
  }
}

/** Keycloak does not record a refresh unless it is told to. */
const recordedEvents = [
  'LOGIN',
  'CODE_TO_TOKEN',
  'OAUTH2_DEVICE_CODE_TO_TOKEN',
  'REFRESH_TOKEN',
  'REFRESH_TOKEN_ERROR',
  'REVOKE_GRANT',
  'LOGOUT',
] as const

/** What a realm records. */
export type RecordedEvent = (typeof recordedEvents)[number]

const groupsMapper = {
  name: 'groups',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-group-membership-mapper',
  config: {
    'claim.name': 'groups',
    'full.path': 'false',
    'id.token.claim': 'true',
    'access.token.claim': 'true',
  },
}

/** Lets an API server that trusts `kubernetes` take the access token, too. */
const audienceMapper = {
  name: 'audience',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: { 'included.client.audience': 'kubernetes', 'access.token.claim': 'true' },
}

const publicClient = {
  clientId: 'kubernetes',
  publicClient: true,
  standardFlowEnabled: true,
  directAccessGrantsEnabled: true,
  // Without a port, any port of the loopback interface is good (RFC 8252 §7.3).
  redirectUris: ['http://localhost'],
  attributes: {
    'pkce.code.challenge.method': 'S256',
    'oauth2.device.authorization.grant.enabled': 'true',
  },
  protocolMappers: [groupsMapper],
}

const confidentialClient = {
  clientId: 'kubernetes-confidential',
  publicClient: false,
  secret: confidentialSecret,
  standardFlowEnabled: true,
  serviceAccountsEnabled: true,
  redirectUris: ['http://localhost'],
  protocolMappers: [groupsMapper, audienceMapper],
}

function userOf(account: TestAccount, realm: string): unknown {
  return {
    id: subjectOf(realm, account),
    username: account.username,
    enabled: true,
    email: account.email,
    emailVerified: true,
    firstName: account.givenName,
    lastName: account.name.slice(account.givenName.length + 1),
    credentials: [{ type: 'password', value: account.password }],
    groups: account.groups.map((name) => `/${name}`),
    // An import gives a user no more than it says, and without this no offline session.
    realmRoles: [`default-roles-${realm}`],
  }
}
