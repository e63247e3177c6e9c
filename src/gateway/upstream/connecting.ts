import { connect, type TLSSocket } from 'node:tls'
import type { UpstreamAccess } from './access.ts'
import type { Transport } from './request.ts'
import { tlsSettings } from './trust.ts'

/** How long opening a connection may take, TLS included. */
const connectTimeoutMs = 10_000

/** When an idle connection is first probed: load balancers forget silent ones (rule F9). */
const keepAliveDelayMs = 30_000

/** Gets the connection when it can be used, or the reason why there is none. Called once. */
export type Connected = (
  ...result: [error: null, socket: TLSSocket] | [error: Error, socket: null]
) => void

/**
 * Opens a connection to the API server: the only place that does. The address is the configured one,
 * whatever a request says (rule D8).
 *
 * @param protocols what may be spoken upon it (ALPN), best first
 * @returns the socket, so that opening it can be given up by destroying it
 */
export function openConnection(
  access: UpstreamAccess,
  transport: Transport,
  connected: Connected,
  protocols: readonly string[] = ['http/1.1'],
): TLSSocket {
  const { hostname, port } = new URL(access.server)
  const socket = connect({
    ...tlsSettings(access, transport),
    ALPNProtocols: [...protocols],
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 443 : Number(port),
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveDelayMs)
  const timer = setTimeout(() => socket.destroy(timedOut()), connectTimeoutMs)
  const settle = (error: Error | null): void => {
    clearTimeout(timer)
    socket.off('error', settle).off('secureConnect', succeed).off('close', fail)
    if (error === null) connected(null, socket)
    else connected(error, null)
  }
  const succeed = (): void => settle(null)
  const fail = (): void => settle(new Error('The connection was closed.'))
  return socket.once('error', settle).once('secureConnect', succeed).once('close', fail)
}

function timedOut(): Error {
  return Object.assign(new Error('The API server did not accept the connection in time.'), {
    code: 'ETIMEDOUT',
  })
}
