import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { systemErrorCode } from '../../errors.ts'
import type { ListenerTls } from './listener-tls.ts'
import { badRequestPage, wrongMethodPage } from './pages.ts'
import { type Reply, sendRawReply } from './reply.ts'

/** How long a client may take for its request, and for its TLS handshake. */
const requestDeadlineMs = 10_000

/** Connections at one time: far more than a browser makes, far fewer than a process may have. */
const maxConnections = 256

const serverOptions = {
  headersTimeout: requestDeadlineMs,
  requestTimeout: requestDeadlineMs,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
  // The router answers these, with the headers that every answer has.
  requireHostHeader: false,
}

/** The servers of one listener and all their connections, which live and end together. */
export class Doors {
  readonly #tls: ListenerTls | undefined
  readonly #handle: RequestListener
  readonly #servers = new Set<Server>()
  readonly #sockets = new Set<Socket>()
  #mayEvict = true
  #isClosed = false

  /**
   * @param tls certificate and key, verified; the servers then speak https
   * @param handle answers a request
   */
  constructor(tls: ListenerTls | undefined, handle: RequestListener) {
    this.#tls = tls
    this.#handle = handle
  }

  /** Makes one more server, which does not listen yet. */
  newServer(): Server {
    const server = this.#create()
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      server.on(event, this.#handle)
    }
    server.on('connect', (_request, socket: Duplex) => sendRawReply(socket, connectRefused))
    server.on('clientError', answerClientError)
    server.on('connection', (socket: Socket) => this.#admit(socket))
    // Too many open files, for example: the next connection may succeed.
    server.on('error', () => undefined)
    this.#servers.add(server)
    return server
  }

  /** From now on the oldest connections are worth more than new ones. */
  protectConnections(): void {
    this.#mayEvict = false
  }

  /** Closes everything at once. May be called again. */
  close(): void {
    this.#isClosed = true
    for (const server of this.#servers) server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #create(): Server {
    if (this.#tls === undefined) return createHttpServer(serverOptions)
    const { certPem: cert, keyPem: key } = this.#tls
    return createHttpsServer({ ...serverOptions, cert, key, handshakeTimeout: requestDeadlineMs })
  }

  /** Idle connections of others never keep the browser out: the oldest makes room for the newest. */
  #admit(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => undefined)
    if (this.#isClosed) socket.destroy()
    if (this.#sockets.size <= maxConnections) return
    const [oldest] = this.#sockets
    const victim = this.#mayEvict ? oldest : socket
    victim?.destroy()
  }
}

const connectRefused: Reply = { status: 405, page: wrongMethodPage(), headers: { allow: 'GET' } }

function answerClientError(error: Error, socket: Duplex): void {
  const status = statusOf[systemErrorCode(error) ?? ''] ?? 400
  if (socket.writable) sendRawReply(socket, { status, page: badRequestPage(reasons[status] ?? '') })
  else socket.destroy()
}

const statusOf: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
}

const reasons: Readonly<Record<number, string>> = {
  400: 'It is not HTTP as it should be.',
  408: 'It took too long to arrive.',
  431: 'It is too large.',
}
