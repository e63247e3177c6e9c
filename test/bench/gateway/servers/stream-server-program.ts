/**
 * A stand-in for an API server in a process of its own: short answers of 4 KB, watches that tell something at
 * their beginning and now and then, and tunnels that send as fast as they are read.
 *
 *   node --import tsx stream-server-program.ts <certificate> <key> <seconds between two events of a watch, 0 for none>
 *
 * It writes `port <number>` when it listens.
 */
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createSecureServer, type Http2ServerResponse } from 'node:http2'
import type { TLSSocket } from 'node:tls'

const [certFile = '', keyFile = '', pause = '0'] = process.argv.slice(2)
const pauseMs = Number(pause) * 1000
const json = { 'content-type': 'application/json' }
const list = JSON.stringify({ kind: 'ServiceList', apiVersion: 'v1', filler: 'x'.repeat(4000) })
const event = `${JSON.stringify({ type: 'MODIFIED', object: { filler: 'x'.repeat(1000) } })}\n`
const chunk = Buffer.alloc(64 * 1024, 'x')

// As kube-apiserver is: HTTP/2 for who wants it, and a hundred requests at once upon a connection.
const server = createSecureServer(
  {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    allowHTTP1: true,
    settings: { maxConcurrentStreams: 100 },
  },
  (request, response) => {
    response.writeHead(200, json)
    if (request.url.includes('watch=1')) watch(response)
    else response.end(list)
  },
)
server.on('upgrade', (_: IncomingMessage, socket: TLSSocket) => tunnel(socket))
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  console.log(`port ${Object(server.address()).port}`)
})

function watch(response: Http2ServerResponse): void {
  response.write(event)
  if (pauseMs === 0) return
  const timer = setInterval(() => response.write(event), pauseMs)
  response.once('close', () => clearInterval(timer))
}

function tunnel(socket: TLSSocket): void {
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n',
  )
  const pour = (): void => {
    while (socket.write(chunk));
  }
  socket.on('drain', pour).on('error', () => undefined)
  pour()
}
