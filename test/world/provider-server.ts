import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import { systemErrorCode } from '../../src/errors.ts'
import type { KeyAndCertificate } from './certificates.ts'

/** Answers one request. What it throws becomes a 500 that carries the message. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** How to serve. */
export interface LoopbackServerOptions {
  /** Key and certificate; without them plain HTTP is spoken. */
  readonly tls?: KeyAndCertificate | undefined
  /** The newest version of TLS that is spoken. */
  readonly maxTlsVersion?: 'TLSv1.2' | undefined
  /** Authority of client certificates, PEM; with it they are asked for, and not demanded. */
  readonly clientAuthority?: string | undefined
  /** TCP port; a free one by default. */
  readonly port?: number | undefined
  /** Host name of the origin; `localhost` by default. */
  readonly hostname?: string | undefined
}

/** A server on the loopback interface. */
export interface LoopbackServer {
  /** TCP port, the same for both IP families. */
  readonly port: number
  /** `https://localhost:<port>` or `http://localhost:<port>`, or with the given host name. */
  readonly origin: string
  /** Closes the server and cuts every connection at once. */
  stop(): Promise<void>
}

/** Serves on 127.0.0.1 and, where the machine has IPv6, on ::1 with the same port. */
export async function startLoopbackServer(
  handle: RequestHandler,
  options: LoopbackServerOptions = {},
): Promise<LoopbackServer> {
  const sockets = new Set<Socket>()
  const servers = await listenOnBothFamilies(() => newServer(handle, options, sockets), options)
  const port = portOf(servers[0])
  return {
    port,
    origin: `${options.tls ? 'https' : 'http'}://${options.hostname ?? 'localhost'}:${port}`,
    async stop() {
      const closed = servers.map(close)
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}

function newServer(
  handle: RequestHandler,
  { tls, clientAuthority, maxTlsVersion }: LoopbackServerOptions,
  sockets: Set<Socket>,
): Server {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy()
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  }
  const server = tls
    ? createHttpsServer(
        {
          cert: tls.certPem,
          key: tls.keyPem,
          ...(maxTlsVersion ? { maxVersion: maxTlsVersion } : {}),
          requestCert: clientAuthority !== undefined,
          rejectUnauthorized: false,
          ...(clientAuthority === undefined ? {} : { ca: clientAuthority }),
        },
        listener,
      )
    : createHttpServer(listener)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return server
}

const familyMissing = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'])
const maxAttempts = 20

async function listenOnBothFamilies(
  create: () => Server,
  { port = 0 }: LoopbackServerOptions,
): Promise<[Server, ...Server[]]> {
  for (let attempt = 1; ; attempt += 1) {
    const ipv4 = await listen(create(), '127.0.0.1', port)
    try {
      return [ipv4, await listen(create(), '::1', portOf(ipv4))]
    } catch (error) {
      const code = systemErrorCode(error) ?? ''
      if (familyMissing.has(code)) return [ipv4]
      await close(ipv4)
      // Somebody else has the port on ::1: `localhost` could lead a client to them.
      if (code !== 'EADDRINUSE' || port !== 0 || attempt === maxAttempts) throw error
    }
  }
}

async function listen(server: Server, host: string, port: number): Promise<Server> {
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not a TCP server')
  return address.port
}
