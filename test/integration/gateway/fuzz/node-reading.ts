import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as startRequest,
} from 'node:http'
import { Duplex } from 'node:stream'

/** A message, as anybody may have read it. Texts are Latin-1. */
export interface PlainMessage {
  readonly method: string
  readonly target: string
  /** 0 in a request. */
  readonly status: number
  readonly statusText: string
  readonly httpVersion: string
  /** Names and values in turns. */
  readonly headers: readonly string[]
  /** Undefined where Node does not tell. */
  readonly isKeptAlive: boolean | undefined
  readonly body: string
  readonly trailers: readonly string[]
  readonly isWhole: boolean
}

/** What was made of the bytes of one connection. */
export interface PlainReading {
  readonly messages: readonly PlainMessage[]
  /** A code; undefined for nothing wrong. */
  readonly error: string | undefined
  /** What came behind a request for another protocol, or for a tunnel. */
  readonly behind: string | undefined
}

/** Has bytes read by Node's own HTTP. */
export type NodeReader = (bytes: Buffer) => Promise<PlainReading>

const maxHeaderSize = 128 * 1024

/** Node's strict HTTP server, as a reader of requests; it answers none, so that nothing ends early. */
export function nodeServer(): NodeReader {
  const recordings = new WeakMap<Duplex, Recording>()
  const server = createServer({
    maxHeaderSize,
    insecureHTTPParser: false,
    requireHostHeader: false,
  })
  server.maxHeadersCount = 0
  const request = (message: IncomingMessage, response: ServerResponse): void =>
    recordings.get(message.socket)?.message(message, response.shouldKeepAlive)
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, request)
  const upgrade = (message: IncomingMessage, socket: Duplex, first: Buffer): void => {
    const recording = recordings.get(socket)
    recording?.message(message, undefined)
    recording?.behind(socket, first)
  }
  server.on('upgrade', upgrade).on('connect', upgrade)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    recordings.get(socket)?.failed(error.code ?? error.message)
    socket.destroy()
  })
  return async (bytes) => {
    const recording = createRecording()
    const connection = new Duplex({ read() {}, write: (_, __, done) => done() })
    recordings.set(connection, recording)
    server.emit('connection', connection)
    connection.on('error', () => {})
    connection.push(bytes)
    connection.push(null)
    await new Promise((resolve) => connection.once('close', resolve))
    return recording.reading()
  }
}

/** Node's HTTP client, as a reader of answers: of the first one that is no interim one. */
export function nodeClient(method: string): NodeReader {
  return async (bytes) => {
    const recording = createRecording()
    const connection = new Duplex({
      read() {},
      write(_, __, done) {
        connection.push(bytes)
        connection.push(null)
        done()
      },
    })
    connection.on('error', () => {})
    const asking = startRequest({
      method,
      maxHeaderSize,
      insecureHTTPParser: false,
      createConnection: () => connection,
    })
    asking.on('response', (message) => recording.message(message, undefined))
    asking.on('information', ({ statusCode }) => {
      if (statusCode === 101) recording.failed('101')
    })
    asking.on('upgrade', () => {
      recording.failed('101')
      connection.destroy()
    })
    asking.on('error', (error: NodeJS.ErrnoException) => {
      recording.failed(error.code ?? error.message)
    })
    asking.end()
    await new Promise((resolve) => connection.once('close', () => setImmediate(resolve)))
    return recording.reading()
  }
}

interface Recording {
  message(message: IncomingMessage, isKeptAlive: boolean | undefined): void
  behind(socket: Duplex, first: Buffer): void
  failed(code: string): void
  reading(): PlainReading
}

function createRecording(): Recording {
  const messages: (() => PlainMessage)[] = []
  const rest: Buffer[] = []
  let hasSwitched = false
  let error: string | undefined
  return {
    message(message, isKeptAlive) {
      const pieces: Buffer[] = []
      message.on('data', (piece: Buffer) => pieces.push(piece)).on('error', () => {})
      messages.push(() => ({
        method: message.method ?? '',
        target: message.url ?? '',
        status: message.statusCode ?? 0,
        statusText: message.statusMessage ?? '',
        httpVersion: message.httpVersion,
        headers: message.rawHeaders,
        isKeptAlive,
        body: Buffer.concat(pieces).toString('latin1'),
        trailers: message.rawTrailers,
        isWhole: message.complete,
      }))
    },
    behind(socket, first) {
      hasSwitched = true
      rest.push(first)
      socket.on('data', (piece: Buffer) => rest.push(piece))
      socket.once('end', () => socket.destroy())
    },
    failed(code) {
      error ??= code
    },
    reading: () => ({
      messages: messages.map((told) => told()),
      error,
      behind: hasSwitched ? Buffer.concat(rest).toString('latin1') : undefined,
    }),
  }
}
