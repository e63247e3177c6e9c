import { createServer, type TLSSocket } from 'node:tls'
import type { Authority } from './certificates.ts'

/** A server that asks for a renegotiation before it answers. */
export interface RenegotiatingServer {
  /** Its origin, `https://localhost:<port>`. */
  readonly origin: string
  /** How many renegotiations were done. */
  renegotiations(): number
  /** Stops the server and cuts its connections. */
  stop(): Promise<void>
}

/**
 * Starts a TLS 1.2 server that asks for a certificate in a second handshake, as IIS does for some
 * paths, and then answers 404.
 */
export async function startRenegotiatingServer(authority: Authority): Promise<RenegotiatingServer> {
  let done = 0
  const sockets = new Set<TLSSocket>()
  const { certPem: cert, keyPem: key } = await authority.issue({ commonName: 'localhost' })
  const server = createServer({ cert, key, maxVersion: 'TLSv1.2' }, (socket) => {
    sockets.add(socket)
    // A client that refuses leaves the handshake unfinished.
    socket.on('error', () => socket.destroy())
    socket.once('data', () => {
      socket.renegotiate({ requestCert: true, rejectUnauthorized: false }, (error) => {
        if (error) {
          socket.destroy()
          return
        }
        done += 1
        socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')
      })
    })
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    origin: `https://localhost:${typeof address === 'object' ? address?.port : 0}`,
    renegotiations: () => done,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
