import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Authority } from './certificates.ts'

/** What a test wants of the proxy. */
export interface ConnectProxyOptions {
  /** Issues the certificate of a proxy that is spoken to over TLS; plain HTTP without it. */
  readonly authority?: Authority
  /** Credentials that the proxy demands (HTTP Basic); none by default. */
  readonly credentials?: { readonly user: string; readonly password: string }
  /** What it answers to CONNECT in the place of opening a tunnel; `hang` answers nothing. */
  readonly refuses?: { readonly status: number; readonly body?: string } | 'hang'
}

/** A proxy on the loopback interface that knows every host name as this computer. */
export interface ConnectProxy {
  /** Its URL without credentials. */
  readonly url: string
  /** Its URL with the credentials that it demands, percent-encoded. */
  readonly urlWithCredentials: string
  /** Targets of the tunnels that were asked for, `host:port`. */
  readonly tunnels: readonly string[]
  /** URLs of the plain requests that were asked for. */
  readonly plainRequests: readonly string[]
  /** Common names of the client certificates that were shown to a proxy that speaks TLS. */
  readonly clientNames: readonly string[]
  /** Stops the proxy and cuts its connections. */
  stop(): Promise<void>
}

/** Starts a forward proxy: CONNECT for https, absolute-form requests for http. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const tunnels: string[] = []
  const plainRequests: string[] = []
  const clientNames: string[] = []
  const sockets = new Set<Duplex>()
  const tls = await options.authority?.issue({ commonName: 'proxy' })
  const server: Server = tls
    ? createHttpsServer({
        cert: tls.certPem,
        key: tls.keyPem,
        requestCert: true,
        rejectUnauthorized: false,
      })
    : createServer()
  server.on('connection', (socket: Socket) => track(sockets, socket))
  server.on('secureConnection', (socket: TLSSocket) => {
    const subject: unknown = socket.getPeerCertificate().subject?.CN
    if (typeof subject === 'string') clientNames.push(subject)
  })
  // A client that does not trust us hangs up in the middle of the handshake.
  server.on('tlsClientError', () => {})
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    track(sockets, socket)
    tunnels.push(request.url ?? '')
    if (!isWelcome(request, options)) return end(socket, 407, '')
    if (options.refuses === 'hang') return
    if (options.refuses) return end(socket, options.refuses.status, options.refuses.body ?? '')
    const upstream = connect(portOf(request.url ?? ''), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    track(sockets, upstream)
    upstream.on('error', () => end(socket, 502, ''))
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    plainRequests.push(request.url ?? '')
    if (!isWelcome(request, options)) return void response.writeHead(407).end()
    forward(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address: AddressInfo | string | null = server.address()
  const place = `localhost:${typeof address === 'object' ? address?.port : ''}`
  const scheme = tls ? 'https' : 'http'
  const { user, password } = options.credentials ?? { user: '', password: '' }
  return {
    url: `${scheme}://${place}`,
    urlWithCredentials: `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${place}`,
    tunnels,
    plainRequests,
    clientNames,
    async stop() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function track(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => sockets.delete(socket))
}

function isWelcome(request: IncomingMessage, { credentials }: ConnectProxyOptions): boolean {
  if (!credentials) return true
  const pair = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')
  return request.headers['proxy-authorization'] === `Basic ${pair}`
}

function end(socket: Duplex, status: number, body: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function portOf(authority: string): number {
  return Number(/:(\d+)$/.exec(authority)?.[1])
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const target = new URL(request.url ?? '')
  const { 'proxy-authorization': _, ...headers } = request.headers
  const outgoing = httpRequest(
    {
      host: '127.0.0.1',
      port: target.port,
      path: `${target.pathname}${target.search}`,
      method: request.method,
      headers,
      agent: false,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  outgoing.on('error', () => response.writeHead(502).end())
  request.pipe(outgoing)
}
