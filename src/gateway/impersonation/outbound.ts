import { factsOf, type HeaderLine } from '../request/index.ts'
import type { Forward, PassThrough } from './decision.ts'
import type { UpstreamCredential } from './upstream-credential.ts'

/** What the outbound head holds beside what was decided. */
export interface OutboundContext {
  /** Host and port of the API server. */
  readonly authority: string
  /** Ours; undefined on a connection that must hold none. */
  readonly credential: UpstreamCredential | undefined
  /** Where the client is, as the socket (or a trusted proxy) says. */
  readonly peerAddress: string
}

/**
 * Builds the head that goes to the API server, from empty: what may travel on, then our own lines.
 * Nothing of the client's comes after ours, and nothing is overwritten, because nothing of the same name
 * was let in (rules A3, A4, B7). What differs from request to request is not among them: the id of the request, and its
 * framing, which is the writer's.
 */
export function outboundLines(
  decision: Forward | PassThrough,
  context: OutboundContext,
): HeaderLine[] {
  return [
    ['Host', context.authority],
    ...decision.request.endToEnd,
    ['X-Forwarded-For', context.peerAddress],
    ...authorization(decision, context.credential),
    ...decision.impersonation,
  ]
}

function authorization(
  decision: Forward | PassThrough,
  credential: UpstreamCredential | undefined,
): HeaderLine[] {
  if (decision.kind === 'passthrough') {
    return decision.token === undefined ? [] : [['Authorization', `Bearer ${decision.token}`]]
  }
  return credential?.kind === 'token' ? [['Authorization', `Bearer ${credential.token}`]] : []
}

/**
 * The last look, immediately before the first byte goes to the API server: what is wrong with the head,
 * or undefined. A request without `Impersonate-User` would run as the gateway itself, so whatever is
 * wrong ends the request (rule A6).
 */
export function violation(
  lines: readonly HeaderLine[],
  decision: Forward | PassThrough,
  credential: UpstreamCredential | undefined,
): string | undefined {
  const seen: Seen = { hosts: 0, users: 0, credentials: [], impersonation: 0 }
  for (const [name, value] of lines) {
    const { isToken, canonical } = factsOf(name)
    if (!isToken || noText.test(value)) return 'a line is malformed'
    if (forbidden(canonical)) return 'a line of an identity is left'
    if (canonical === 'host') seen.hosts += 1
    if (canonical === 'authorization') seen.credentials.push(value)
    if (canonical.startsWith('impersonate')) seen.impersonation += 1
    if (canonical === 'impersonate-user') seen.users += value.trim() === '' ? 2 : 1
  }
  if (seen.hosts !== 1) return 'there is not one Host line'
  const expected = authorization(decision, credential).map(([, value]) => value)
  if (seen.credentials.join('\n') !== expected.join('\n')) return 'the credential is wrong'
  if (decision.kind === 'passthrough') {
    return credential === undefined ? undefined : 'a passed-on request would carry our credential'
  }
  if (credential === undefined) return 'our credential is missing'
  if (seen.users !== 1) return 'there is not one user'
  return seen.impersonation === decision.impersonation.length
    ? undefined
    : 'a line of impersonation is not ours'
}

/** What the last look has counted. */
interface Seen {
  hosts: number
  /** One without a name counts as more than one: it is none. */
  users: number
  readonly credentials: string[]
  impersonation: number
}

/** Beyond Latin-1 are characters of which one byte is left when they are written: `\u010a` would be a line end. */
const noText = /[^\t\x20-\x7e\x80-\xff]/

function forbidden(canonical: string): boolean {
  if (canonical.startsWith('x-')) {
    const isForwarding = canonical.startsWith('x-forwarded-') && canonical !== 'x-forwarded-for'
    return isForwarding || canonical.startsWith('x-remote-')
  }
  return connectionLines.has(canonical)
}

const connectionLines: ReadonlySet<string> = new Set([
  'cookie',
  'proxy-authorization',
  'connection',
])
