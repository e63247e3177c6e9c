import { canonicalName, type HeaderLine } from '../request/index.ts'
import type { ResponseHead } from '../upstream/index.ts'

/** What travels back to the client. */
export interface RelayedHead {
  readonly status: number
  /** Undefined for the usual one. */
  readonly statusText: string | undefined
  readonly headers: readonly HeaderLine[]
  /** Names of trailers that were announced, in lower case (rule E7). */
  readonly trailers: ReadonlySet<string>
}

/**
 * Takes out what belongs to the connection with the API server: the known lines and those that
 * `Connection` names (RFC 9110 §7.6.1). Everything else stays as it came, repeated lines and
 * `Set-Cookie` included (rule B11).
 */
export function relayedHead(head: ResponseHead): RelayedHead {
  const options = listed(head.headers, 'connection')
  // Only a chunked message has room for trailers.
  const isChunked = !head.headers.some(([name]) => name.toLowerCase() === 'content-length')
  const headers = head.headers.filter(([name]) => {
    const canonical = canonicalName(name)
    if (hopByHop.has(canonical) || options.has(canonical)) return false
    return isChunked || canonical !== 'trailer'
  })
  return {
    status: head.status,
    // Node refuses other characters, and an answer must not fail for its decoration.
    statusText: /^[\t\x20-\x7e]+$/.test(head.statusText) ? head.statusText : undefined,
    headers,
    trailers: listed(headers, 'trailer'),
  }
}

const none: ReadonlySet<string> = new Set()

function listed(headers: readonly HeaderLine[], wanted: string): ReadonlySet<string> {
  const lines = headers.filter(([name]) => name.toLowerCase() === wanted)
  if (lines.length === 0) return none
  return new Set(
    lines.flatMap(([, value]) => value.split(',')).map((name) => canonicalName(name.trim())),
  )
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'te',
  'transfer-encoding',
  'upgrade',
])
