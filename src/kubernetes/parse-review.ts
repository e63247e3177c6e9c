import { notAnApiServer, tokenNotAccepted } from './refusals.ts'

/** Who somebody is to an API server (`authentication.k8s.io/v1` `UserInfo`). */
export interface ApiServerUser {
  /** The name that RBAC knows. Like every text here it is the API server's: `printable` makes it fit. */
  readonly username: string
  readonly uid?: string | undefined
  readonly groups: readonly string[]
  /** What else the API server knows, by name. */
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/**
 * Reads the answer to a `SelfSubjectReview`.
 *
 * @param body parsed JSON; undefined when it was none
 * @param url of the API server, for errors
 * @throws OidcLoginError `api_server_response_invalid`, and `token_not_accepted` when the user is
 *   anonymous: the token has not arrived
 */
export function parseReview(body: unknown, url: string): ApiServerUser {
  if (!isObject(body) || body.kind !== 'SelfSubjectReview') {
    throw notAnApiServer(url, 'its answer is no SelfSubjectReview')
  }
  const info = isObject(body.status) ? body.status.userInfo : undefined
  if (!isObject(info) || typeof info.username !== 'string' || info.username === '') {
    throw notAnApiServer(url, 'its answer names no user')
  }
  if (info.username === 'system:anonymous') {
    throw tokenNotAccepted(url, 'it saw none; something in between removes it')
  }
  const { uid, groups = [], extra = {} } = info
  if (uid !== undefined && typeof uid !== 'string')
    throw notAnApiServer(url, 'its "uid" is no text')
  if (!isTexts(groups)) throw notAnApiServer(url, 'its "groups" are no list of texts')
  if (!isExtra(extra)) throw notAnApiServer(url, 'its "extra" is no mapping to lists of texts')
  return { username: info.username, uid, groups, extra }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isExtra(value: unknown): value is Readonly<Record<string, readonly string[]>> {
  return isObject(value) && Object.values(value).every(isTexts)
}
