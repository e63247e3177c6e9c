import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import type { GatewayStage } from './stage.ts'

/** An API server's stand-in for what lasts: silent watches, and tunnels that send as fast as they can. */
export interface StreamServer {
  readonly port: number
  stop(): Promise<void>
}

const chunk = Buffer.alloc(64 * 1024, 'x')

/** Starts it. */
export async function startStreamServer(stage: GatewayStage): Promise<StreamServer> {
  const server = createServer(
    { cert: readFileSync(stage.certFile), key: readFileSync(stage.keyFile) },
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      if (request.url?.includes('watch=1')) response.flushHeaders()
      else response.end('{}')
    },
  )
  server.on('upgrade', (_: IncomingMessage, socket: TLSSocket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n',
    )
    const pour = (): void => {
      while (socket.write(chunk));
    }
    socket.on('drain', pour).on('error', () => undefined)
    pour()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function open(stage: GatewayStage, port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', port, ca: stage.caPem })
  socket.on('error', () => undefined)
  await new Promise((done, fail) => socket.once('secureConnect', done).once('error', fail))
  return socket
}

/** Opens a watch and waits for the head of its answer. */
export async function openWatch(
  stage: GatewayStage,
  port: number,
  token: string,
): Promise<TLSSocket> {
  const socket = await open(stage, port)
  socket.write(
    `GET /api/v1/namespaces/default/services?watch=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  )
  await new Promise((done) => socket.once('data', done))
  return socket
}

/** How many bytes a second a tunnel (`kubectl exec`, `kubectl cp`) brings. */
export async function tunnelBytesPerSecond(
  stage: GatewayStage,
  port: number,
  token: string,
  seconds: number,
): Promise<number> {
  const socket = await open(stage, port)
  socket.write(
    `POST /api/v1/namespaces/default/pods/p/exec HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n\r\n`,
  )
  await new Promise((done) => socket.once('data', done))
  let bytes = 0
  const startedAt = performance.now()
  socket.on('data', (data: Buffer) => {
    bytes += data.length
  })
  await new Promise((done) => setTimeout(done, seconds * 1000))
  socket.destroy()
  return bytes / ((performance.now() - startedAt) / 1000)
}
