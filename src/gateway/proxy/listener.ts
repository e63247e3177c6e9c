import type { AddressInfo, Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Clock } from '../../system/index.ts'
import type { Limits } from '../config/index.ts'
import { surplusConnections } from './connections.ts'
import { createHttpDate } from './http-date.ts'
import { type InboundConnection, type InboundEvents, readRequests } from './inbound-connection.ts'
import { type ServingCertificate, servingTls } from './serving-tls.ts'

/** What a {@link Listener} is made of. */
export interface ListenerOptions {
  readonly certificate: ServingCertificate
  readonly limits: Limits
  readonly clock: Clock
}

/** What a {@link Listener} tells of. */
export interface ListenerEvents extends InboundEvents {
  connected(socket: Socket): void
  secured(socket: Socket): void
  /** A client did not get as far as HTTP. */
  handshakeFailed(): void
}

/** The TLS server. */
export interface Listener {
  /** @returns the port */
  listen(host: string, port: number): Promise<number>
  replaceCertificate(certificate: ServingCertificate): void
  /** Accepts no connection any more; those that are open go on. */
  stopAccepting(): Promise<void>
  close(): void
}

/** How often connections are looked over for clients that take too long. */
const checkIntervalMs = 1_000

/** When an idle connection is first probed (rule F9). */
const keepAliveDelayMs = 30_000

/** Makes the server. HTTP/1.1 only: a second protocol would be a second set of parsers to differ from. */
export function createListener(
  { certificate, limits, clock }: ListenerOptions,
  events: ListenerEvents,
): Listener {
  const server = createServer({
    ...servingTls(certificate),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.handshakeTimeoutMs,
    // For half-closed tunnels; requests end with the connection nevertheless.
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveDelayMs,
  })
  server.maxConnections = limits.maxConnections + surplusConnections
  const settings = { ...limits, date: createHttpDate(clock), elapsed: clock.elapsed }
  const sockets = new Set<Socket>()
  const inbound = new Set<InboundConnection>()

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    events.connected(socket)
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    events.secured(socket)
    const connection = readRequests(socket, settings, events)
    inbound.add(connection)
    socket.once('close', () => inbound.delete(connection))
  })
  server.on('tlsClientError', (_, socket) => {
    socket.destroy()
    events.handshakeFailed()
  })
  const checking = setInterval(() => {
    for (const connection of inbound) connection.check()
  }, checkIntervalMs).unref()

  return {
    listen: async (host, port) => await listening(server, host, port),
    replaceCertificate: (next) => server.setSecureContext(servingTls(next)),
    async stopAccepting() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
    close() {
      clearInterval(checking)
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function listening(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address: AddressInfo | string | null = server.address()
  return address === null || typeof address === 'string' ? port : address.port
}
