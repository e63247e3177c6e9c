import { sensitiveHeaders } from 'node:http2'
import type { HeaderLine } from '../request/index.ts'
import type { UpstreamRequest } from './request.ts'
import { headerLines } from './response-head.ts'

/** A head as `node:http2` takes it. A name that stands in several lines has several values. */
export type SharedHead = Record<string, string | string[]>

/**
 * Translates the head of a GET for HTTP/2 (RFC 9113 §8.3.1): every line as it is, with its name in lower
 * case.
 *
 * @returns undefined for what HTTP/2 has no room for, and for what `node:http2` would not keep apart: it
 *   hands lines on in one text, in which NUL stands between them
 */
export function sharedHead(request: UpstreamRequest): SharedHead | undefined {
  const { target } = request
  const headers = [...request.headers.lines, ...request.ownHeaders]
  const head: SharedHead = Object.create(null)
  const authorities = headers.filter(([name]) => name.toLowerCase() === 'host')
  const authority = authorities[0]?.[1]
  if (authority === undefined || authorities.length > 1) return undefined
  if (separator.test(target) || separator.test(authority)) return undefined
  head[':method'] = 'GET'
  head[':scheme'] = 'https'
  head[':authority'] = authority
  head[':path'] = target
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (lower === 'host') continue
    if (!token.test(lower) || ofConnection.has(lower) || separator.test(value)) return undefined
    const before = head[lower]
    if (before === undefined) head[lower] = value
    else if (typeof before === 'string') head[lower] = [before, value]
    else before.push(value)
  }
  // Not to be kept in the tables by which HTTP/2 makes heads short (RFC 7541 §7.1.3).
  return Object.assign(head, { [sensitiveHeaders]: ['authorization'] })
}

const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
/** RFC 9113 §8.2.1. */
const separator = /[\r\n\0]/

/** RFC 9113 §8.2.2. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
  'content-length',
])

/** The lines of a head or of trailers that came. @param raw names and values in turn */
export function linesOf(raw: readonly string[]): HeaderLine[] {
  return headerLines(raw).filter(([name]) => !name.startsWith(':'))
}
