import type { Caller } from './authenticate.ts'
import { badRequest, forbidden, unauthorized } from './status.ts'
import { authenticatedUser, type UserInfo } from './user.ts'

/** Lower-case name and value of each header line, in the order in which they came. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

/**
 * As whom a request is carried out: as its sender, or as the user whom its `Impersonate-*` headers
 * name. Unlike kube-apiserver it refuses headers that it does not know and names given twice.
 *
 * @throws {StatusError} 400 when the headers name no user or are malformed, 401 when there is no
 *   credential, 403 when the sender may not act for others
 */
export function effectiveUser(caller: Caller, headers: HeaderLines): UserInfo {
  const lines = headers.filter(([name]) => name.startsWith(prefix))
  if (lines.length === 0) return caller.user
  if (caller.isAnonymous) throw unauthorized('no credential', false)
  if (!caller.mayImpersonate) throw refusal(caller.user, lines)
  const unknown = lines.find(([name]) => !isKnown(name))
  if (unknown) throw badRequest(`the header ${unknown[0]} is unknown`)

  const username = only(lines, userHeader) ?? ''
  const uid = only(lines, uidHeader)
  const groups = valuesOf(lines, groupHeader)
  const extra = extraOf(lines)
  if (username === '') {
    if (lines.every(([name]) => name === userHeader)) return caller.user
    throw badRequest('requested groups, a uid or extra fields without impersonating a user')
  }
  if (groups.includes('')) throw badRequest('an impersonated group is empty')
  return authenticatedUser(username, groups, { uid, extra })
}

const prefix = 'impersonate-'
const userHeader = 'impersonate-user'
const uidHeader = 'impersonate-uid'
const groupHeader = 'impersonate-group'
const extraPrefix = 'impersonate-extra-'

function isKnown(name: string): boolean {
  if (name.startsWith(extraPrefix)) return name.length > extraPrefix.length
  return [userHeader, uidHeader, groupHeader].includes(name)
}

function refusal({ username }: UserInfo, lines: HeaderLines): Error {
  const name = valuesOf(lines, userHeader)[0]
  return forbidden(
    { group: '', resource: 'users', name },
    `User ${JSON.stringify(username)} cannot impersonate resource "users" in API group "" at the cluster scope`,
  )
}

function only(lines: HeaderLines, name: string): string | undefined {
  const values = valuesOf(lines, name)
  if (values.length > 1) throw badRequest(`the header ${name} is given more than once`)
  return values[0]
}

/** Node reads header bytes as Latin-1; Kubernetes reads them as UTF-8. */
function valuesOf(lines: HeaderLines, wanted: string): string[] {
  return lines
    .filter(([name]) => name === wanted)
    .map(([, value]) => Buffer.from(value, 'latin1').toString('utf8'))
}

function extraOf(lines: HeaderLines): Record<string, string[]> {
  const names = new Set(lines.map(([name]) => name).filter((name) => name.startsWith(extraPrefix)))
  const extra = new Map<string, string[]>()
  for (const name of names) {
    const key = decodeKey(name.slice(extraPrefix.length))
    extra.set(key, [...(extra.get(key) ?? []), ...valuesOf(lines, name)])
  }
  return Object.fromEntries(extra)
}

function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw badRequest(`the header ${extraPrefix}${encoded} is not well encoded`)
  }
}
