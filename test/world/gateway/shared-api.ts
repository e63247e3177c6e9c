import { createSecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Authority } from '../certificates.ts'

/** A watch that reached an API server which speaks HTTP/2. */
export interface SharedWatch {
  readonly stream: ServerHttp2Stream
  readonly session: ServerHttp2Session
  /** Which connection it came upon, counted from 0. */
  readonly connection: number
  /** Common name of the client certificate on that connection. */
  readonly clientName: string | undefined
  /** The values of one header, in their order. */
  values(name: string): string[]
  /** Resolves with the code by which the gateway gave it up (RFC 9113 §7). */
  readonly givenUp: Promise<number>
}

/** An API server's stand-in that speaks HTTP/2, and HTTP/1.1 to whoever wants it. */
export interface SharedApi {
  readonly url: string
  /** In the order of their arrival. */
  readonly watches: readonly SharedWatch[]
  /** Waits until so many have come. */
  arrived(count: number): Promise<SharedWatch>
}

/**
 * Starts it; it is closed when the running test ends. It answers nothing by itself.
 *
 * @param maxRequests how many it takes at once upon a connection
 */
export async function startSharedApi(authority: Authority, maxRequests = 100): Promise<SharedApi> {
  const { certPem, keyPem } = await authority.issue({ commonName: 'kubernetes' })
  const watches: SharedWatch[] = []
  const sessions: ServerHttp2Session[] = []
  let changed = (): void => {}
  const server = createSecureServer({
    cert: certPem,
    key: keyPem,
    ca: authority.certPem,
    requestCert: true,
    rejectUnauthorized: false,
    allowHTTP1: true,
    settings: { maxConcurrentStreams: maxRequests },
  })
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => {})
  })
  server.on('stream', (stream: ServerHttp2Stream, _: object, __: number, raw: string[]) => {
    const session = stream.session as ServerHttp2Session
    const { subject } = (session.socket as TLSSocket).getPeerCertificate()
    stream.on('error', () => {})
    watches.push({
      stream,
      session,
      connection: sessions.indexOf(session),
      clientName: subject ? String(subject.CN) : undefined,
      values: (name) => raw.filter((_, index) => index % 2 === 1 && raw[index - 1] === name),
      givenUp: new Promise((resolve) => {
        stream.once('close', () => resolve(stream.rstCode))
      }),
    })
    changed()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const session of sessions) session.destroy()
    await closed
  })
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watches,
    async arrived(count) {
      for (;;) {
        const last = watches[count - 1]
        if (last) return last
        await new Promise<void>((resolve) => {
          changed = resolve
        })
      }
    },
  }
}
