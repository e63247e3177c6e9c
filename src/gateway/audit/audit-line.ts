import type { Identity, UserInfo } from '../identity/index.ts'
import type { Exchange } from '../proxy/index.ts'
import { percentDecoded, type RequestInfo } from '../request/index.ts'

/** At which moment of a request a line is written; the names are those of kube-apiserver's audit. */
export type AuditStage = 'ResponseStarted' | 'ResponseComplete'

/** How much of a query stands in a line, in characters. */
const longestQuery = 4096

/** What may stand in a line. */
export interface AuditLineOptions {
  /** Whether the query is part of it: `kubectl exec` has its command there. */
  readonly includeQuery: boolean
}

/**
 * One audit line: JSON without a line end. It holds no token and no header but `User-Agent`. Control
 * characters are escaped and lengths bounded, so that nobody writes a line of his own (rule H7).
 *
 * @param at when it happened, in milliseconds since the epoch
 */
export function auditLine(
  exchange: Exchange,
  stage: AuditStage,
  at: number,
  options: AuditLineOptions,
): string {
  const { identity, effectiveUser, status } = exchange
  const actsAsAnother = identity !== undefined && effectiveUser?.username !== identity.user.username
  let line = `{"time":"${timestamp(at)}","stage":"${stage}","auditID":"${exchange.auditId}"`
  line += `,"decision":"${decisionOf(exchange)}"`
  if (exchange.refusal !== undefined) line += `,"reason":"${exchange.refusal}"`
  if (effectiveUser) line += `,"user":${userJson(effectiveUser)}`
  if (actsAsAnother) line += `,"originalUser":${userJson(identity.user)}`
  if (identity) line += tokenMembers(identity)
  line += `,"sourceIP":${text(exchange.peerAddress)}`
  line += optional('userAgent', exchange.userAgent)
  line += `,"method":${text(exchange.method)}`
  line += targetMembers(exchange.target, options)
  line += infoMembers(exchange.info)
  if (status !== 0) line += `,"code":${status}`
  return stage === 'ResponseComplete' ? `${line}${figures(exchange, at)}}` : `${line}}`
}

function targetMembers(target: string, { includeQuery }: AuditLineOptions): string {
  const [path, query] = splitOnce(target, '?')
  const member = `,"path":${text(path, 2048)}`
  if (!includeQuery || query === undefined || query === '') return member
  return member + optional('query', withoutTokens(query), longestQuery)
}

function infoMembers(info: RequestInfo | undefined): string {
  if (info === undefined) return ''
  const { isResourceRequest, apiGroup } = info
  return (
    optional('verb', info.verb) +
    (isResourceRequest ? `,"apiGroup":${text(apiGroup)}` : '') +
    optional('apiVersion', info.apiVersion) +
    optional('namespace', info.namespace) +
    optional('resource', info.resource) +
    optional('subresource', info.subresource) +
    optional('name', info.name)
  )
}

let stampedAt = Number.NaN
let stamp = ''

/** Many requests end in one millisecond, and many of their lines are written in one. */
function timestamp(at: number): string {
  if (at !== stampedAt) {
    stampedAt = at
    stamp = new Date(at).toISOString()
  }
  return stamp
}

/**
 * A token in a query is no credential here, but it may be one elsewhere (rule B4). What does not stand in
 * the line is not looked at: strangers may send 100 KiB of it.
 */
function withoutTokens(query: string): string {
  const pairs = query.slice(0, longestQuery + 1).split('&')
  return pairs.map(withoutToken).join('&')
}

function withoutToken(pair: string): string {
  const [name, value] = splitOnce(pair, '=')
  const isToken = /token/i.test(percentDecoded(name) ?? name)
  return isToken && value !== undefined ? `${name}=REDACTED` : pair
}

function figures(exchange: Exchange, at: number): string {
  const { startedAt, answeredAt, bytesIn, bytesOut, closeReason } = exchange
  let members = `,"bytesIn":${bytesIn},"bytesOut":${bytesOut}`
  if (answeredAt !== undefined) members += `,"firstByteMs":${Math.round(answeredAt - startedAt)}`
  members += `,"durationMs":${Math.round((exchange.endedAt ?? at) - startedAt)}`
  return closeReason === undefined ? members : `${members},"closeReason":"${closeReason}"`
}

function decisionOf(exchange: Exchange): 'refused' | 'passed-through' | 'forwarded' {
  if (exchange.refusal !== undefined) return 'refused'
  return exchange.isPassthrough ? 'passed-through' : 'forwarded'
}

/** A user sends many requests with one token: the texts are made once. */
const knownUsers = new WeakMap<UserInfo, string>()
const knownTokens = new WeakMap<Identity, string>()

function tokenMembers(identity: Identity): string {
  const known = knownTokens.get(identity)
  if (known !== undefined) return known
  const members = `,"issuer":${text(identity.issuer)}${optional('tokenID', identity.tokenId)}`
  knownTokens.set(identity, members)
  return members
}

const maxGroups = 100

function userJson(user: UserInfo): string {
  const known = knownUsers.get(user)
  if (known !== undefined) return known
  const omitted = user.groups.length - maxGroups
  const extra = [...user.extra].map(([key, values]) => `${text(key)}:${list(values)}`)
  const members = [
    `"username":${text(user.username)}`,
    ...(user.uid === '' ? [] : [`"uid":${text(user.uid)}`]),
    ...(user.groups.length === 0 ? [] : [`"groups":${list(user.groups.slice(0, maxGroups))}`]),
    ...(omitted > 0 ? [`"groupsOmitted":${omitted}`] : []),
    ...(extra.length === 0 ? [] : [`"extra":{${extra.join(',')}}`]),
  ]
  const json = `{${members.join(',')}}`
  knownUsers.set(user, json)
  return json
}

function list(values: readonly string[]): string {
  return `[${values.map((value) => text(value)).join(',')}]`
}

function optional(name: string, value: string | undefined, maxLength?: number): string {
  return value === undefined || value === '' ? '' : `,"${name}":${text(value, maxLength)}`
}

/** JSON escapes C0; C1, DEL and the line separators are escaped for terminals and line readers. */
function text(value: string, maxLength = 512): string {
  const bounded = value.length > maxLength ? `${value.slice(0, maxLength)}…` : value
  // Nearly everything is plain, and needs no more than quotes.
  if (plain.test(bounded)) return `"${bounded}"`
  const json = JSON.stringify(bounded)
  return unsafe.test(json) ? json.replaceAll(unsafeAll, escaped) : json
}

/** ASCII without controls, `"` and `\\`. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
const unsafe = /[\u007f-\u009f\u2028\u2029]/
const unsafeAll = /[\u007f-\u009f\u2028\u2029]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function splitOnce(value: string, separator: string): [string, string | undefined] {
  const at = value.indexOf(separator)
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)]
}
