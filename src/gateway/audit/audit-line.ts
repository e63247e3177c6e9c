import type { UserInfo } from '../identity/index.ts'
import type { Exchange } from '../proxy/index.ts'
import { percentDecoded } from '../request/index.ts'

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
  const { info, identity, effectiveUser } = exchange
  const [path = '', query] = splitOnce(exchange.target, '?')
  const actsAsAnother = identity !== undefined && effectiveUser?.username !== identity.user.username
  const fields: readonly (readonly [name: string, json: string | undefined])[] = [
    ['time', `"${new Date(at).toISOString()}"`],
    ['stage', `"${stage}"`],
    ['auditID', text(exchange.auditId)],
    ['decision', `"${decisionOf(exchange)}"`],
    ['reason', exchange.refusal && `"${exchange.refusal}"`],
    ['user', effectiveUser && userJson(effectiveUser)],
    ['originalUser', actsAsAnother ? userJson(identity.user) : undefined],
    ['issuer', identity && text(identity.issuer)],
    ['tokenID', optional(identity?.tokenId)],
    ['sourceIP', text(exchange.peerAddress)],
    ['userAgent', optional(exchange.userAgent)],
    ['method', text(exchange.method)],
    ['path', text(path, 2048)],
    [
      'query',
      options.includeQuery ? optional(query && withoutTokens(query), longestQuery) : undefined,
    ],
    ['verb', optional(info?.verb)],
    ['apiGroup', info?.isResourceRequest ? text(info.apiGroup) : undefined],
    ['apiVersion', optional(info?.apiVersion)],
    ['namespace', optional(info?.namespace)],
    ['resource', optional(info?.resource)],
    ['subresource', optional(info?.subresource)],
    ['name', optional(info?.name)],
    ['code', exchange.status === 0 ? undefined : String(exchange.status)],
    ...(stage === 'ResponseComplete' ? figuresOf(exchange, at) : []),
  ]
  const members = fields.flatMap(([name, json]) =>
    json === undefined ? [] : [`"${name}":${json}`],
  )
  return `{${members.join(',')}}`
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

function figuresOf(exchange: Exchange, at: number): (readonly [string, string | undefined])[] {
  const { startedAt, answeredAt, bytesIn, bytesOut, closeReason } = exchange
  return [
    ['bytesIn', String(bytesIn)],
    ['bytesOut', String(bytesOut)],
    [
      'firstByteMs',
      answeredAt === undefined ? undefined : String(Math.round(answeredAt - startedAt)),
    ],
    ['durationMs', String(Math.round((exchange.endedAt ?? at) - startedAt))],
    ['closeReason', closeReason && `"${closeReason}"`],
  ]
}

function decisionOf(exchange: Exchange): 'refused' | 'passed-through' | 'forwarded' {
  if (exchange.refusal !== undefined) return 'refused'
  return exchange.isPassthrough ? 'passed-through' : 'forwarded'
}

/** A user sends many requests with one token: the text is made once. */
const knownUsers = new WeakMap<UserInfo, string>()

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

function optional(value: string | undefined, maxLength?: number): string | undefined {
  return value === undefined || value === '' ? undefined : text(value, maxLength)
}

/** JSON escapes C0; C1, DEL and the line separators are escaped for terminals and line readers. */
function text(value: string, maxLength = 512): string {
  const bounded = value.length > maxLength ? `${value.slice(0, maxLength)}…` : value
  const json = JSON.stringify(bounded)
  return unsafe.test(json) ? json.replaceAll(unsafeAll, escaped) : json
}

const unsafe = /[\u007f-\u009f\u2028\u2029]/
const unsafeAll = /[\u007f-\u009f\u2028\u2029]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function splitOnce(value: string, separator: string): [string, string | undefined] {
  const at = value.indexOf(separator)
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)]
}
