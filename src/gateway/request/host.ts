import type { Refusal } from './refusal.ts'
import { malformed, refuse } from './refuse.ts'

/** The host that a request names. */
export interface Host {
  readonly kind: 'host'
  /** With its port, in lower case. */
  readonly authority: string
}

/**
 * Reads the one `Host` line. It chooses nothing: the API server gets its own name (rule D8). A name
 * that is not ours means that the request was meant for somebody else (rule D5).
 *
 * @param values of all `Host` lines
 * @param serverNames names that are ours, in lower case and without ports; empty for any
 */
export function requestedHost(
  values: readonly string[],
  serverNames: readonly string[],
): Host | Refusal {
  const authority = values[0]?.toLowerCase()
  if (values.length !== 1 || authority === undefined) {
    return malformed('The request must have one Host line.')
  }
  const name = /^((?:[\w.-]+)|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.exec(authority)?.[1]
  if (name === undefined) return malformed('The Host line holds no host name.')
  if (serverNames.length > 0 && !serverNames.includes(name)) {
    return refuse(421, 'host_unknown', 'This gateway does not answer for the host of the request.')
  }
  return { kind: 'host', authority }
}

/**
 * Checks that a web page of another origin does not open a WebSocket with the credentials of its visitor
 * (rule H11). Programs send no `Origin`.
 *
 * @param origins of all `Origin` lines
 * @param allowed origins that may, `https://host[:port]`
 */
export function originRefusal(
  origins: readonly string[],
  host: Host,
  allowed: readonly string[],
): Refusal | undefined {
  const isOwn = origins.every(
    (origin) => origin.toLowerCase() === `https://${host.authority}` || allowed.includes(origin),
  )
  if (isOwn) return undefined
  return refuse(403, 'origin_refused', 'Pages of this origin may not open a WebSocket here.')
}
