import { systemErrorCode } from '../../errors.ts'

/** Why the API server gave no (whole) answer. */
export type UpstreamFailure =
  /** No connection could be opened: the request has not been sent. */
  | 'unreachable'
  /** No connection could be opened in time: the request has not been sent. */
  | 'timed_out'
  /** The connection broke; whether the request was received is unknown. */
  | 'broken'
  /** A connection that had been idle broke before an answer: it was most likely closed before. */
  | 'stale'
  /** What came is not HTTP. */
  | 'invalid'
  /** All connections are in use: the request has not been sent. */
  | 'overloaded'
  /** We gave up ourselves. */
  | 'aborted'

/** Names the failure behind an error of undici, `node:https` or `node:tls`. */
export function failureOf(error: unknown): UpstreamFailure {
  const code = systemErrorCode(error) ?? ''
  const known = failures.get(code)
  if (known) return known
  const isParserError = error instanceof Error && error.name === 'HTTPParserError'
  if (isParserError || code.startsWith('HPE_')) return 'invalid'
  return broken.has(code) ? 'broken' : 'unreachable'
}

const failures: ReadonlyMap<string, UpstreamFailure> = new Map([
  ['UND_ERR_ABORTED', 'aborted'],
  ['ABORT_ERR', 'aborted'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timed_out'],
  ['ETIMEDOUT', 'timed_out'],
  ['UND_ERR_HEADERS_OVERFLOW', 'invalid'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'invalid'],
])

/**
 * Everything else comes from opening a connection (names, routes, certificates), and a mistake in that
 * direction would only make an answer less exact.
 */
const broken: ReadonlySet<string> = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_INFO',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'ECONNRESET',
  'EPIPE',
])
