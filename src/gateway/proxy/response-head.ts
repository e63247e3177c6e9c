import { canonicalName, factsOf, type HeaderLine } from '../request/index.ts'
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
  const headers: HeaderLine[] = []
  // Only a chunked message has room for trailers.
  let isChunked = true
  let announcesTrailers = false
  for (const line of head.headers) {
    const { canonical } = factsOf(line[0])
    if (hopByHop.has(canonical) || options.has(canonical)) continue
    if (canonical === 'content-length') isChunked = false
    if (canonical === 'trailer') announcesTrailers = true
    headers.push(line)
  }
  const isAnnounced = announcesTrailers && isChunked
  return {
    status: head.status,
    // Clients may stumble over other characters, and an answer must not fail for its decoration.
    statusText: /^[\t\x20-\x7e]+$/.test(head.statusText) ? head.statusText : undefined,
    headers: announcesTrailers && !isChunked ? headers.filter(isNoTrailer) : headers,
    trailers: isAnnounced ? listed(headers, 'trailer') : none,
  }
}

function isNoTrailer([name]: HeaderLine): boolean {
  return factsOf(name).canonical !== 'trailer'
}

const none: ReadonlySet<string> = new Set()

function listed(headers: readonly HeaderLine[], wanted: string): ReadonlySet<string> {
  const values = headers
    .filter(([name, value]) => factsOf(name).lower === wanted && value !== 'keep-alive')
    .map(([, value]) => value)
  if (values.length === 0) return none
  return new Set(
    values.flatMap((value) => value.split(',')).map((name) => canonicalName(name.trim())),
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
