import { OidcLoginError } from '../../errors.ts'
import type { Fetch, System } from '../../system/index.ts'
import { objectIn } from './json.ts'
import { keycloakPeer } from './peer.ts'

/** Making a realm takes Keycloak seconds, and more when it is busy. */
const timeoutMs = 60_000

/** How Keycloak is reached. */
export interface KeycloakPlace {
  /** As it was given: https, or plain http to this computer; without a slash at the end. */
  readonly url: string
  /** PEM certificates that are trusted beside those of the system. */
  readonly certificateAuthorities: readonly string[]
}

/** A connection whose answers are not yet judged. */
export interface Connection {
  /** Where the realms are: the URL, with `/auth` behind it where Keycloak is older than version 17. */
  readonly base: string
  readonly send: Fetch
}

/**
 * Finds Keycloak behind its URL.
 *
 * @param realm one that is there
 * @throws OidcLoginError `provider_unavailable`, `provider_response_invalid`, `usage_invalid` when there is
 *   no such realm, and those of the connection
 */
export async function connectTo(
  system: Pick<System, 'http' | 'interrupted'>,
  { url, certificateAuthorities }: KeycloakPlace,
  realm: string,
): Promise<Connection> {
  const fetch = system.http.connect({
    peer: keycloakPeer,
    certificateAuthorities,
    timeoutMs,
    headers: { accept: 'application/json', 'user-agent': 'oidc-gateway' },
  })
  const send: Fetch = async (to, init) => await fetch(to, { signal: system.interrupted, ...init })
  let isKeycloak = false
  for (const base of [url, `${url}/auth`]) {
    const response = await send(`${base}${discoveryPath(realm)}`)
    const answer = objectIn(await jsonOf(response))
    if (response.status === 200 && typeof answer.issuer === 'string') return { base, send }
    if (response.status === 429 || response.status >= 500) throw unavailable(url, response.status)
    isKeycloak ||= answer.error === 'Realm does not exist'
  }
  throw isKeycloak ? noSuchRealm(realm, url) : noKeycloak(url)
}

/**
 * What Keycloak believes to be the issuer of a realm.
 *
 * @throws OidcLoginError `provider_response_invalid`, and those of the connection
 */
export async function issuerOf({ base, send }: Connection, realm: string): Promise<string> {
  const { issuer } = objectIn(await jsonOf(await send(`${base}${discoveryPath(realm)}`)))
  if (typeof issuer === 'string') return issuer
  throw noKeycloak(base)
}

/** The body of an answer; undefined when it is no JSON. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text())
  } catch {
    return undefined
  }
}

/** The error for an answer that asks to come back later. */
export function unavailable(url: string, status: number): OidcLoginError {
  return new OidcLoginError(
    'provider_unavailable',
    `Keycloak at ${new URL(url).origin} is not able to answer at the moment (status ${status}).`,
    { hint: 'Try again in a moment; what is done already is not done twice.' },
  )
}

function discoveryPath(realm: string): string {
  return `/realms/${encodeURIComponent(realm)}/.well-known/openid-configuration`
}

function noSuchRealm(realm: string, url: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', `Keycloak at ${url} has no realm "${realm}".`, {
    hint: 'The realm of --admin-realm is the one in which the administrator signs in, mostly master.',
  })
}

function noKeycloak(url: string): OidcLoginError {
  return new OidcLoginError('provider_response_invalid', `What answers at ${url} is no Keycloak.`, {
    hint: 'Check --url: it is what stands before /realms/…, in the address of the login page.',
  })
}
