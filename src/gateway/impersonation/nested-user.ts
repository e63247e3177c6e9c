import type { UserInfo } from '../identity/index.ts'
import { type HeaderLine, type Refusal, refuse } from '../request/index.ts'
import { textOf } from './header-lines.ts'
import { ownExtraDomain } from './original-user.ts'

/** Whom the client wants to act as. */
export interface NestedUser {
  readonly kind: 'nested'
  readonly user: UserInfo
}

const extraPrefix = 'impersonate-extra-'

/**
 * Reads `Impersonate-*` lines of a client (`kubectl --as`), more strictly than kube-apiserver, which
 * takes the first of two names and ignores what it does not know (rules A17-A19, A22, A23;
 * k8s.io/apiserver pkg/endpoints/filters/impersonation).
 */
export function nestedUser(lines: readonly HeaderLine[]): NestedUser | Refusal {
  const named = lines.map(([name, value]): HeaderLine => [name.toLowerCase(), textOf(value)])
  if (named.some(([name]) => !isKnown(name))) return refused('one of the headers is unknown')
  const users = valuesOf(named, 'impersonate-user')
  const uids = valuesOf(named, 'impersonate-uid')
  if (users.length > 1 || uids.length > 1) return refused('a header is given twice')
  const [username = ''] = users
  if (username === '') return refused('they name no user')
  const extra = extraOf(named)
  if (extra === undefined) return refused('the name of an extra attribute is malformed')
  if ([...extra.keys()].some((key) => key.startsWith(ownExtraDomain))) {
    return refused('an extra attribute is reserved for the gateway')
  }
  return {
    kind: 'nested',
    user: { username, uid: uids[0] ?? '', groups: valuesOf(named, 'impersonate-group'), extra },
  }
}

function isKnown(name: string): boolean {
  return (
    ['impersonate-user', 'impersonate-uid', 'impersonate-group'].includes(name) ||
    (name.startsWith(extraPrefix) && name.length > extraPrefix.length)
  )
}

function valuesOf(lines: readonly HeaderLine[], wanted: string): string[] {
  return lines.filter(([name]) => name === wanted).map(([, value]) => value)
}

/** Undefined when a key does not decode, or two spellings decode to one key. */
function extraOf(lines: readonly HeaderLine[]): Map<string, string[]> | undefined {
  const names = new Set(lines.map(([name]) => name).filter((name) => name.startsWith(extraPrefix)))
  const extra = new Map<string, string[]>()
  for (const name of names) {
    const key = decodedKey(name.slice(extraPrefix.length))
    if (key === undefined || extra.has(key)) return undefined
    extra.set(key, valuesOf(lines, name))
  }
  return extra
}

function decodedKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

function refused(why: string): Refusal {
  return refuse(
    400,
    'impersonation_malformed',
    `The Impersonate-* headers are not accepted: ${why}.`,
  )
}
