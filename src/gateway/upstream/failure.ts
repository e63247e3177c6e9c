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

/** Names the failure behind an error of our parser, `node:http`, `node:http2` or `node:tls`. */
export function failureOf(error: unknown): UpstreamFailure {
  const code = systemErrorCode(error) ?? ''
  const known = failures.get(code)
  if (known) return known
  if (code.startsWith('HPE_')) return 'invalid'
  return broken.has(code) ? 'broken' : 'unreachable'
}

const failures: ReadonlyMap<string, UpstreamFailure> = new Map([
  ['ABORT_ERR', 'aborted'],
  ['ETIMEDOUT', 'timed_out'],
])

/**
 * Everything else comes from opening a connection (names, routes, certificates), and a mistake in that
 * direction would only make an answer less exact.
 */
const broken: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE'])
