import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { Server as NetServer } from 'node:net'
import type { Limits } from '../config/index.ts'
import { surplusConnections } from './connections.ts'
import type { Client } from './respond.ts'
import type { Upgrading } from './upgrading.ts'

/** The certificate that clients see, as PEM. */
export interface ServingCertificate {
  readonly certificate: string
  readonly key: string
}

/** What a {@link Listener} tells of. */
export interface ListenerEvents {
  connected(socket: Socket): void
  secured(socket: Socket): void
  /** A client did not get as far as HTTP. */
  handshakeFailed(): void
  request(client: Client): void
  upgrade(client: Upgrading): void
  /** `CONNECT`: its socket belongs to nobody (rule D3). */
  tunnel(client: Upgrading): void
  /** What came is not HTTP; there may be requests under way on the same connection. */
  malformed(error: Error, socket: Socket): void
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

/** How often connections are looked over for heads that take too long. */
const checkIntervalMs = 1_000

/** When an idle connection is first probed (rule F9). */
const keepAliveDelayMs = 30_000

/** Makes the server. HTTP/1.1 only: a second protocol would be a second set of parsers to differ from. */
export function createListener(
  certificate: ServingCertificate,
  limits: Limits,
  events: ListenerEvents,
): Listener {
  const server = createServer({
    ...secureContext(certificate),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.handshakeTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Once its head is there, a request may take as long as it takes (rule G1).
    requestTimeout: 0,
    connectionsCheckingInterval: checkIntervalMs,
    maxHeaderSize: limits.maxHeaderBytes,
    insecureHTTPParser: false,
    // We answer it ourselves, as Status.
    requireHostHeader: false,
    // For half-closed tunnels; Node's HTTP part ends its connections nevertheless.
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveDelayMs,
  })
  // Node would forget lines beyond a number without a word (rule E5); the size is limited anyway.
  server.maxHeadersCount = 0
  server.maxConnections = limits.maxConnections + surplusConnections
  wire(server, events)

  return {
    listen: async (host, port) => await listening(server, host, port),
    replaceCertificate: (next) => server.setSecureContext(secureContext(next)),
    async stopAccepting() {
      // Closing the HTTP server would also cut connections that are idle between two requests.
      await new Promise<void>((resolve) => {
        NetServer.prototype.close.call(server, () => resolve())
      })
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function secureContext({ certificate, key }: ServingCertificate) {
  return { cert: certificate, key, minVersion: 'TLSv1.2' as const }
}

function wire(server: Server, events: ListenerEvents): void {
  const request = (message: IncomingMessage, response: ServerResponse): void =>
    events.request({ request: message, response })
  server.on('connection', events.connected)
  server.on('secureConnection', events.secured)
  server.on('tlsClientError', events.handshakeFailed)
  server.on('request', request)
  // Whether the body is wanted is said after the decision (rule E8).
  server.on('checkContinue', request)
  server.on('checkExpectation', request)
  server.on('upgrade', (message, _, first) =>
    events.upgrade({ request: message, socket: message.socket, first }),
  )
  server.on('connect', (message, _, first) =>
    events.tunnel({ request: message, socket: message.socket, first }),
  )
  server.on('clientError', (error, socket) => events.malformed(error, socket as Socket))
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
