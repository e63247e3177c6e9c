import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import { withoutSecrets } from '../../system/index.ts'
import { type Connection, jsonOf, unavailable } from './connection.ts'
import { objectIn, objectsIn, type Representation } from './json.ts'
import { type Administrator, signIn } from './sign-in.ts'

/** What a request is for, for the message of its failure. */
export interface Errand {
  /** Such as `create the client kubernetes`. */
  readonly task: string
  /** The role that allows it, of the client that stands for the realm, or `create-realm`. */
  readonly role: string
}

/** The Admin REST API, for one realm. */
export interface AdminApi {
  /**
   * @param path below the realm, or empty for the realm itself
   * @returns the answer as JSON; undefined when there is no such thing
   * @throws OidcLoginError `administration_refused`, `provider_unavailable`,
   *   `provider_response_invalid`, and those of the connection
   */
  read(path: string, errand: Errand): Promise<unknown>
  /**
   * @param path as above
   * @throws OidcLoginError as above
   */
  write(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: Representation,
    errand: Errand,
  ): Promise<void>
  /**
   * Makes the realm.
   *
   * @throws OidcLoginError as above
   */
  createRealm(body: Representation): Promise<void>
}

/** Who asks, and for which realm. */
export interface AdminAccess {
  readonly administrator: Administrator
  /** Where the administrator is at home. */
  readonly adminRealm: string
  /** What is administered. */
  readonly realm: string
}

/**
 * Signs in and gives the Admin REST API.
 *
 * @throws OidcLoginError `sign_in_refused`, `client_refused`, and those of the connection
 */
export async function adminApi(connection: Connection, access: AdminAccess): Promise<AdminApi> {
  const { administrator, adminRealm, realm } = access
  const realms = `${connection.base}/admin/realms`
  const below = `${realms}/${encodeURIComponent(realm)}`
  let token = await signIn(connection, adminRealm, administrator)

  async function attempt(method: string, url: string, body?: Representation): Promise<Response> {
    return await connection.send(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    })
  }

  async function ask(call: Call): Promise<Response> {
    const { method, url, body, errand } = call
    let response = await attempt(method, url, body)
    // The token of an administrator lasts for a minute, and somebody may have to type a password.
    if (response.status === 401 && administrator.kind !== 'token') {
      token = await signIn(connection, adminRealm, administrator)
      response = await attempt(method, url, body)
    }
    if (response.ok || response.status === 404) return response
    throw await failure(response, errand, access, url)
  }

  async function change(call: Call): Promise<void> {
    const response = await ask(call)
    if (!response.ok) throw await failure(response, call.errand, access, call.url)
  }

  return {
    async read(path, errand) {
      const response = await ask({ method: 'GET', url: below + path, errand })
      if (response.status === 404) return undefined
      const answer = await jsonOf(response)
      if (typeof answer === 'object' && answer !== null) return answer
      throw invalid(below + path)
    },
    write: async (method, path, body, errand) =>
      await change({ method, url: below + path, body, errand }),
    async createRealm(body) {
      const errand = { task: `create the realm ${realm}`, role: 'create-realm' }
      await change({ method: 'POST', url: realms, body, errand })
      // The roles for the new realm are not in a token that is older than the realm.
      token = await signIn(connection, adminRealm, administrator)
    },
  }
}

interface Call {
  readonly method: string
  readonly url: string
  readonly body?: Representation
  readonly errand: Errand
}

async function failure(
  response: Response,
  { task, role }: Errand,
  { administrator, adminRealm, realm }: AdminAccess,
  url: string,
): Promise<OidcLoginError> {
  const { status } = response
  if (status === 429 || status >= 500) return unavailable(url, status)
  if (status < 400) return invalid(url)
  const said = saidIn(await jsonOf(response)) || `status ${status}`
  return new OidcLoginError(
    'administration_refused',
    `Keycloak does not let the administrator ${task}: ${said}.`,
    { hint: status === 403 ? whichRole(role) : whatElse() },
  )

  function whichRole(name: string): string {
    if (name === 'create-realm') {
      return `It takes the role create-realm (or admin) of the realm master; or let somebody else create the realm ${realm}.`
    }
    const holder = adminRealm === realm ? 'realm-management' : `${realm}-realm`
    const age =
      administrator.kind === 'token' ? ' A token that is older than the realm lacks it.' : ''
    return `It takes the role ${name} of the client ${holder} in the realm ${adminRealm}.${age}`
  }

  function whatElse(): string {
    if (status !== 401) return 'Change what it complains about, and run it again.'
    return administrator.kind === 'token'
      ? 'The token in OIDC_GATEWAY_ADMIN_TOKEN is over, or of another Keycloak: get a new one.'
      : 'Its address inside and outside may differ: see "hostname" in the configuration of Keycloak.'
  }
}

/** What Keycloak says, in one of the ways in which it does. */
function saidIn(answer: unknown): string {
  const { errorMessage, error_description: description, error, errors } = objectIn(answer)
  const first = objectsIn(errors)[0]?.errorMessage
  const said = [errorMessage, description, first, error].find((text) => typeof text === 'string')
  return withoutSecrets(printable(String(said ?? '')))
}

function invalid(url: string): OidcLoginError {
  const { origin, pathname } = new URL(url)
  return new OidcLoginError(
    'provider_response_invalid',
    `The answer of ${origin}${pathname} is not one of Keycloak.`,
    { hint: 'Check --url, and whether a proxy before Keycloak hides /admin.' },
  )
}
