import type { Representation } from './json.ts'
import type { Wish } from './wish.ts'

/**
 * Settings of a realm, which only a realm gets that is made here: another one has its own owner. Nobody
 * may register or rename himself, and passwords cannot be tried at will.
 */
export function desiredRealm({ realm }: Pick<Wish, 'realm'>): Representation {
  return {
    realm,
    enabled: true,
    registrationAllowed: false,
    editUsernameAllowed: false,
    duplicateEmailsAllowed: false,
    bruteForceProtected: true,
    // ID tokens last as long. The API server never asks whether one was revoked.
    accessTokenLifespan: 300,
  }
}

/**
 * Where the plugin listens (`--listen-address`, RFC 8252 §7.3). The ports are named: without one, any
 * port of the loopback interface is good for Keycloak, and before 24.0.8, 25.0.6 and 26.0 any host at
 * all (CVE-2024-8883).
 */
const pluginRedirectUris = [8000, 18000].flatMap((port) => [
  `http://localhost:${port}`,
  `http://127.0.0.1:${port}`,
])

/** The client of the plugin: public (RFC 8252 §8.5), with PKCE S256 demanded (RFC 9700 §2.1.1). */
export function desiredClient(wish: Wish): Representation {
  return {
    clientId: wish.clientId,
    protocol: 'openid-connect',
    enabled: true,
    publicClient: true,
    bearerOnly: false,
    consentRequired: false,
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: wish.mayUsePasswordGrant,
    serviceAccountsEnabled: false,
    // Otherwise tokens would hold roles: the access token of an administrator of Keycloak his rights there.
    fullScopeAllowed: false,
    redirectUris: [...new Set([...pluginRedirectUris, ...wish.moreRedirectUris])],
    // No page in a browser ever calls Keycloak for the plugin; without the field it takes the redirect URIs.
    webOrigins: [],
    attributes: {
      'pkce.code.challenge.method': 'S256',
      'oauth2.device.authorization.grant.enabled': String(wish.mayUseDeviceGrant),
      // None: after a logout the plugin leaves the browser at Keycloak's own page.
      'post.logout.redirect.uris': '-',
    },
  }
}

/** The claim that holds the groups. */
export const groupsClaim = 'groups'

/** Puts the groups of a person into the ID token, and nowhere else. */
export function desiredMapper({
  tellsFullGroupPath,
}: Pick<Wish, 'tellsFullGroupPath'>): Representation {
  return {
    name: groupsClaim,
    protocol: 'openid-connect',
    protocolMapper: 'oidc-group-membership-mapper',
    config: {
      'claim.name': groupsClaim,
      'full.path': String(tellsFullGroupPath),
      'id.token.claim': 'true',
      'access.token.claim': 'false',
      'userinfo.token.claim': 'false',
      'introspection.token.claim': 'false',
    },
  }
}

/**
 * The built-in client scopes that a new client gets, in the place of all that its realm has. Those that a
 * Keycloak does not know yet are left out by it.
 */
export const newClientScopes: Representation = {
  defaultClientScopes: ['basic', 'acr', 'profile', 'email'],
  optionalClientScopes: ['offline_access'],
}

/** A client scope that every realm has from its start. */
export interface DesiredScope {
  readonly name: string
  /** Whether every token has it, only who asks for it, or nobody. */
  readonly kind: 'default' | 'optional' | 'none'
}

/**
 * `profile` gives people a name; `offline_access` lets the plugin stay signed in. `microprofile-jwt` writes
 * the roles of whoever asks for it into the claim `groups`.
 */
export const desiredScopes: readonly DesiredScope[] = [
  { name: 'profile', kind: 'default' },
  { name: 'offline_access', kind: 'optional' },
  { name: 'microprofile-jwt', kind: 'none' },
]

/**
 * Somebody to try the sign-in with. Without names and an address Keycloak would ask for them at the first
 * sign-in (user profile, since version 24).
 */
export function desiredUser(username: string): Representation {
  return {
    username,
    enabled: true,
    email: username.includes('@') ? username : `${username}@example.com`,
    emailVerified: true,
    firstName: `${username.charAt(0).toUpperCase()}${username.slice(1)}`,
    lastName: 'Test',
  }
}
