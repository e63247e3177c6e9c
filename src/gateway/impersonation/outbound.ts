import { canonicalName, type HeaderLine } from '../request/index.ts'
import type { Forward, PassThrough } from './decision.ts'
import type { UpstreamCredential } from './upstream-credential.ts'

/** What the outbound head holds beside what was decided. */
export interface OutboundContext {
  /** Host and port of the API server. */
  readonly authority: string
  /** Ours; undefined on a connection that must hold none. */
  readonly credential: UpstreamCredential | undefined
  /** The same id stands in our audit log and in the API server's (rule B9). */
  readonly auditId: string
  /** Where the client is, as the socket (or a trusted proxy) says. */
  readonly peerAddress: string
}

/**
 * Builds the head that goes to the API server, from empty: what may travel on, then our own lines.
 * Nothing of the client's comes after ours, and nothing is overwritten, because nothing of the same name
 * was let in (rules A3, A4, B7). Framing lines are the writer's.
 */
export function outboundLines(
  decision: Forward | PassThrough,
  context: OutboundContext,
): HeaderLine[] {
  return [
    ['Host', context.authority],
    ...decision.request.endToEnd,
    ['X-Forwarded-For', context.peerAddress],
    ['Audit-ID', context.auditId],
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
  const named = lines.map(([name, value]): HeaderLine => [canonicalName(name), value])
  const valuesOf = (wanted: string): string[] =>
    named.filter(([name]) => name === wanted).map(([, value]) => value)

  if (!lines.every(([name, value]) => token.test(name) && !lineEnd.test(value))) {
    return 'a line is malformed'
  }
  if (valuesOf('host').length !== 1) return 'there is not one Host line'
  if (named.some(([name]) => forbidden.test(name))) return 'a line of an identity is left'
  const expected = authorization(decision, credential).map(([, value]) => value)
  if (valuesOf('authorization').join('\n') !== expected.join('\n')) return 'the credential is wrong'
  if (decision.kind === 'passthrough') {
    return credential === undefined ? undefined : 'a passed-on request would carry our credential'
  }
  if (credential === undefined) return 'our credential is missing'
  const users = valuesOf('impersonate-user')
  if (users.length !== 1 || (users[0] ?? '').trim() === '') return 'there is not one user'
  const own = named.filter(([name]) => name.startsWith('impersonate')).length
  return own === decision.impersonation.length ? undefined : 'a line of impersonation is not ours'
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const lineEnd = /[\r\n\0]/
const forbidden = /^(?:x-remote-|cookie$|proxy-authorization$|connection$|x-forwarded-(?!for$))/
