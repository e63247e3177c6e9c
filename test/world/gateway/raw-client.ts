import { connect, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { bodyOf, headOf, type Line, valuesOf } from './http-message.ts'

/** An answer, as it came over the wire. */
export interface RawResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly Line[]
  /** Latin-1 bytes; a chunked body is put together. */
  readonly body: string
  readonly trailers: readonly Line[]
  /** The values of one header. */
  values(name: string): string[]
  /** The body as JSON. */
  json(): Record<string, unknown>
}

/** Where to connect, and how to trust it. */
export interface RawTarget {
  readonly port: number
  readonly certificateAuthority: string
}

/** A TLS connection on which a test writes whatever it likes. */
export interface RawClient {
  readonly socket: TLSSocket
  /** Text is written as Latin-1. */
  write(bytes: string | Buffer): void
  /** Waits for the next whole answer. @throws when the connection ends before */
  response(toHead?: boolean): Promise<RawResponse>
  /** Waits until the bytes that are not part of an answer yet hold a text, and takes all up to it. */
  until(text: string): Promise<string>
  /** Resolves with the bytes that no answer was made of, when the other side has closed. */
  closed(): Promise<string>
  /** Stops reading, so that the other side feels it. */
  pause(): void
  end(): void
  destroy(): void
}

/** Opens a connection; it is closed when the running test ends. */
export async function connectRaw(target: RawTarget): Promise<RawClient> {
  const socket = connect({
    host: '127.0.0.1',
    port: target.port,
    ca: target.certificateAuthority,
    servername: 'localhost',
    ALPNProtocols: ['http/1.1'],
  })
  socket.allowHalfOpen = true
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve, reject) =>
    socket.once('secureConnect', resolve).once('error', reject),
  )
  socket.removeAllListeners('error').on('error', () => {})

  let bytes = Buffer.alloc(0)
  let hasEnded = false
  let wake = (): void => {}
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    wake()
  })
  const ended = (): void => {
    hasEnded = true
    wake()
  }
  socket.once('end', ended).once('close', ended)

  async function poll<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (hasEnded)
        throw new Error(`the connection ended after ${JSON.stringify(bytes.toString('latin1'))}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    socket,
    write: (data) => void socket.write(data, 'latin1'),
    async response(toHead = false) {
      return await poll(() => {
        const head = headOf(bytes)
        if (!head) return undefined
        const [, status = '', statusText = ''] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(head.start) ?? []
        const code = Number(status)
        const hasNoBody = toHead || code < 200 || code === 204 || code === 304
        const body = hasNoBody
          ? { content: Buffer.alloc(0), trailers: [], length: 0 }
          : bodyOf(head, bytes.subarray(head.length), hasEnded ? 'ended' : 'open')
        if (!body) return undefined
        bytes = bytes.subarray(head.length + body.length)
        return responseOf(code, statusText, head.headers, body)
      })
    },
    async until(text) {
      return await poll(() => {
        const at = bytes.indexOf(text, 0, 'latin1')
        if (at < 0) return undefined
        const taken = bytes.subarray(0, at + text.length).toString('latin1')
        bytes = bytes.subarray(at + text.length)
        return taken
      })
    },
    async closed() {
      while (!hasEnded) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return bytes.toString('latin1')
    },
    pause: () => void socket.pause(),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  }
}

/** Sends bytes on a connection of their own and waits for one answer. */
export async function rawRequest(target: RawTarget, bytes: string | Buffer): Promise<RawResponse> {
  const client = await connectRaw(target)
  client.write(bytes)
  try {
    return await client.response(/^HEAD /.test(bytes.toString('latin1')))
  } finally {
    client.destroy()
  }
}

function responseOf(
  status: number,
  statusText: string,
  headers: readonly Line[],
  { content, trailers }: { content: Buffer; trailers: readonly Line[] },
): RawResponse {
  const body = content.toString('latin1')
  return {
    status,
    statusText,
    headers,
    body,
    trailers,
    values: (name) => valuesOf(headers, name),
    json: () => Object(JSON.parse(body)),
  }
}
