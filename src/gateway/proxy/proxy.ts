import type { Socket } from 'node:net'
import type { Clock } from '../../system/index.ts'
import type { Limits, ListenSettings, StreamSettings } from '../config/index.ts'
import type { Judge } from '../impersonation/index.ts'
import type { Admission } from '../request/index.ts'
import type { Upstream } from '../upstream/index.ts'
import { createClientAddress } from './client-address.ts'
import { createConnections, type OnConnectionRefused } from './connections.ts'
import { createDeadlines } from './deadlines.ts'
import type { Desk } from './desk.ts'
import { drain } from './drain.ts'
import type { ExchangeObserver } from './exchange.ts'
import { createFailureLimiter } from './failure-limiter.ts'
import { createFairShare } from './fair-share.ts'
import { createListener } from './listener.ts'
import { answerMalformed } from './malformed.ts'
import { refuseBacklog, serve } from './serve.ts'
import type { ServingCertificate } from './serving-tls.ts'
import { serveUpgrade } from './upgrade.ts'

/** What a {@link GatewayProxy} is made of. */
export interface ProxyOptions {
  readonly listen: Pick<ListenSettings, 'host' | 'port' | 'trustedProxies'>
  readonly certificate: ServingCertificate
  readonly admission: Admission
  readonly judge: Judge
  readonly upstream: Upstream
  readonly limits: Limits
  readonly streams: StreamSettings
  readonly observer: ExchangeObserver
  readonly clock: Clock
  readonly connectionRefused: OnConnectionRefused
}

/** The gateway's sockets: between clients and the API server. */
export interface GatewayProxy {
  /**
   * Begins to accept connections.
   *
   * @returns the port
   */
  listen(): Promise<number>
  /** How many connections of clients are open. */
  openConnections(): number
  /** Shows another certificate to new connections. */
  replaceCertificate(certificate: ServingCertificate): void
  /**
   * Accepts nothing new and waits for what is under way: requests to their end, watches to the next
   * event's end, other streams and tunnels at most `timeoutMs`; then everything is closed.
   */
  drain(timeoutMs: number): Promise<void>
  /** Cuts everything at once. */
  close(): void
}

/** Makes the proxy. It keeps nothing global: a process may hold several. */
export function createProxy(options: ProxyOptions): GatewayProxy {
  const { host, port, trustedProxies } = options.listen
  const { clock, limits } = options
  const desk: Desk = {
    ...options,
    connections: createConnections(limits, options.connectionRefused),
    clientAddress: createClientAddress(trustedProxies),
    failures: createFailureLimiter(clock, limits.maxFailuresPerSecond),
    shares: createFairShare(limits.maxUpstreamConnections),
    deadlines: createDeadlines(clock),
    isDraining: false,
  }
  const listener = createListener(
    { certificate: options.certificate, limits, clock },
    {
      connected: desk.connections.accept,
      secured: desk.connections.secured,
      handshakeFailed: () => options.connectionRefused('tls_handshake'),
      request: (client) => cutOnFault(() => serve(desk, client), client.request.socket),
      upgrade: (client) => cutOnFault(() => serveUpgrade(desk, client), client.socket),
      piledUp: (head, socket) => refuseBacklog(desk, head, socket),
      malformed: (error, socket) => answerMalformed(desk, error, socket),
    },
  )

  function close(): void {
    desk.deadlines.close()
    listener.close()
    for (const { socket } of desk.connections.all()) socket.destroy()
  }

  return {
    listen: async () => await listener.listen(host, port),
    openConnections: desk.connections.count,
    replaceCertificate: listener.replaceCertificate,
    async drain(timeoutMs) {
      await drain(desk, listener, timeoutMs)
      close()
    },
    close,
  }
}

/** A fault of ours in one request ends that connection, and not the sessions of everybody (rule G6). */
function cutOnFault(begin: () => Promise<void> | undefined, socket: Socket): void {
  try {
    begin()?.catch(() => socket.destroy())
  } catch {
    socket.destroy()
  }
}
