import type { AddressInfo, Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Authority } from '../certificates.ts'
import type { AtEnd } from './at-end.ts'
import { bodyOf, headOf, type Line, valuesOf } from './http-message.ts'

/** A request that reached the API server's side, byte for byte. */
export interface ArrivedRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly Line[]
  /** The head as it came. */
  readonly head: string
  /** Which connection it came upon, counted from 0. */
  readonly connection: number
  /** Common name of the client certificate on that connection. */
  readonly clientName: string | undefined
  readonly socket: TLSSocket
  /** The values of one header. */
  values(name: string): string[]
  /** Waits for the whole body. */
  body(): Promise<Buffer>
  /** Takes the connection out of HTTP: the bytes that came behind the head and all that follow. */
  takeOver(): Buffer
}

/** Plays the API server: answers a request by writing to its socket. */
export type Script = (request: ArrivedRequest) => void | Promise<void>

/** A server that keeps what arrives and plays a script, without any HTTP library between. */
export interface Recorder {
  readonly url: string
  /** In the order in which their heads were whole. */
  readonly requests: readonly ArrivedRequest[]
  /** Everything that came, of all connections. */
  bytes(): string
  /** How many connections were opened so far, and how many of them are open. */
  connections(): { readonly opened: number; readonly open: number }
  /** Waits until so many requests have come. */
  arrived(count: number): Promise<ArrivedRequest>
  /** Waits until no more than so many connections are open. */
  settled(open: number): Promise<void>
  /**
   * Cuts all connections and listens no more.
   *
   * @returns listens again, at the same address
   */
  goAway(): Promise<() => Promise<void>>
  /** From now on another script is played. */
  play(script: Script): void
}

/** What the recorder answers by itself. */
export const okScript: Script = async ({ socket, method, body }) => {
  await body()
  const text = '{"kind":"Recorded"}\n'
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`
  socket.write(method === 'HEAD' ? head : head + text)
}

/**
 * Starts a recorder.
 *
 * @param atEnd told how it is stopped; without it, it stops when the running test ends
 */
export async function startRecorder(
  authority: Authority,
  first = okScript,
  atEnd: AtEnd = onTestFinished,
): Promise<Recorder> {
  let script = first
  const requests: ArrivedRequest[] = []
  const sockets = new Set<Socket>()
  const received: Buffer[] = []
  let opened = 0
  let changed = (): void => {}
  const { certPem, keyPem } = await authority.issue({ commonName: 'kubernetes' })
  const server = createServer(
    {
      cert: certPem,
      key: keyPem,
      ca: authority.certPem,
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      allowHalfOpen: true,
    },
    (socket) => {
      const connection = opened
      opened += 1
      socket.on('error', () => {})
      socket.on('data', (chunk: Buffer) => received.push(chunk))
      socket.once('end', () => socket.end())
      readRequests(socket, connection, (request) => {
        requests.push(request)
        changed()
        void (isFence(request) ? okScript : script)(request)
      })
      changed()
    },
  )
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      changed()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })

  async function wait<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        const before = changed
        changed = () => {
          before()
          resolve()
        }
      })
    }
  }

  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    requests,
    bytes: () => Buffer.concat(received).toString('latin1'),
    connections: () => ({ opened, open: sockets.size }),
    arrived: async (count) => await wait(() => requests[count - 1]),
    async settled(open) {
      await wait(() => (sockets.size <= open ? true : undefined))
    },
    async goAway() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      return async () =>
        await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    },
    play(next) {
      script = next
    },
  }
}

/** A request by which a test waits for everything before it; it is always answered. */
function isFence({ target }: ArrivedRequest): boolean {
  return target.startsWith('/fence-')
}

/** Takes requests off a connection one after the other, as their bytes come. */
function readRequests(
  socket: TLSSocket,
  connection: number,
  arrived: (request: ArrivedRequest) => void,
): void {
  let bytes = Buffer.alloc(0)
  let isTaken = false
  let wake = (): void => {}
  socket.on('data', (chunk: Buffer) => {
    if (isTaken) return
    bytes = Buffer.concat([bytes, chunk])
    wake()
  })
  socket.once('close', () => wake())

  async function next<T>(look: () => T | undefined): Promise<T | undefined> {
    for (;;) {
      const found = look()
      if (found !== undefined || socket.destroyed || isTaken) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  async function run(): Promise<void> {
    while (!socket.destroyed && !isTaken) {
      const head = await next(() => headOf(bytes))
      if (!head) return
      const text = bytes.subarray(0, head.length).toString('latin1')
      bytes = bytes.subarray(head.length)
      const [method = '', target = ''] = head.start.split(' ')
      let content: Promise<Buffer> | undefined
      const readBody = async (): Promise<Buffer> => {
        content ??= next(() => bodyOf(head, bytes)).then((body) => {
          bytes = bytes.subarray(body?.length ?? 0)
          return body?.content ?? Buffer.alloc(0)
        })
        return await content
      }
      arrived({
        method,
        target,
        headers: head.headers,
        head: text,
        connection,
        clientName: clientNameOf(socket),
        socket,
        values: (name) => valuesOf(head.headers, name),
        body: readBody,
        takeOver() {
          isTaken = true
          const rest = bytes
          wake()
          return rest
        },
      })
      if (!isTaken) await readBody()
    }
  }
  void run()
}

function clientNameOf(socket: TLSSocket): string | undefined {
  const subject: unknown = socket.getPeerCertificate()?.subject
  const name: unknown = Object(subject).CN
  return typeof name === 'string' ? name : undefined
}
