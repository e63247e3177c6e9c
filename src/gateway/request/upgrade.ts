import type { RawRequest } from './raw-request.ts'
import type { Refusal } from './refusal.ts'
import { refuse } from './refuse.ts'

/** What a connection is to become. */
export interface Upgrade {
  readonly kind: 'upgrade'
  /** As the client wrote it; undefined when the connection stays HTTP. */
  readonly protocol: string | undefined
}

/** What kubectl and browsers upgrade to; everything else (h2c, TLS) would hide requests from us. */
const understood: ReadonlySet<string> = new Set(['websocket', 'spdy/3.1'])

/**
 * Reads whether a connection is to be upgraded (RFC 9110 §7.8). `Upgrade` without the `upgrade` option
 * in `Connection` is no request to upgrade (rules F1, F2).
 *
 * @param values of all `Upgrade` lines
 * @param connectionOptions names listed in `Connection`, in lower case
 */
export function requestedUpgrade(
  request: RawRequest,
  values: readonly string[],
  connectionOptions: ReadonlySet<string>,
): Upgrade | Refusal {
  if (values.length === 0 || !connectionOptions.has('upgrade')) {
    return { kind: 'upgrade', protocol: undefined }
  }
  const protocol = values[0]?.trim() ?? ''
  if (values.length > 1 || !understood.has(protocol.toLowerCase())) {
    return refused('Only upgrades to websocket and SPDY/3.1 are forwarded.')
  }
  if (request.httpVersion !== '1.1') return refused('Only HTTP/1.1 connections are upgraded.')
  const isWebSocket = protocol.toLowerCase() === 'websocket'
  const isAllowedMethod = request.method === 'GET' || (!isWebSocket && request.method === 'POST')
  if (!isAllowedMethod) return refused(`A ${request.method} request is not upgraded.`)
  return { kind: 'upgrade', protocol }
}

function refused(message: string): Refusal {
  return refuse(400, 'upgrade_refused', message)
}
