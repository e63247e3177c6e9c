import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** A request that the API server has answered, or begun to answer. */
export interface RecordedRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** As whom it was carried out; undefined when it was not authenticated. */
  readonly user: string | undefined
  readonly status: number
  /** Values of each header; those that can hold a credential are replaced by `(hidden)`. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** When it arrived, in milliseconds since the epoch. */
  readonly at: number
  /** Why it was refused, more plainly than the answer says. It quotes no credential. */
  readonly problem: string | undefined
}

/** Where a credential can be: kubectl and browsers also send tokens as WebSocket protocols. */
const credentialHeaders = new Set<keyof IncomingHttpHeaders>([
  'authorization',
  'proxy-authorization',
  'cookie',
  'sec-websocket-protocol',
])

/** The headers of a request, without anything that could be a credential. */
export function headersToRecord(
  request: IncomingMessage,
): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(request.headersDistinct).map(([name, values = []]) => {
    const shown = credentialHeaders.has(name) ? values.map(() => '(hidden)') : values
    return [name, shown] as const
  })
  return Object.fromEntries(entries)
}
