import { connect as connectTcp, type Socket } from 'node:net'
import { nodeSystem } from '../../../system/index.ts'
import { type CallbackListener, type ListenRequest, listenForCallback } from '../index.ts'

/** What a listener under test waits for. */
export const expected: Pick<ListenRequest, 'state' | 'issuer' | 'issRequired'> = {
  state: 'state-of-this-sign-in',
  issuer: 'https://sso.example.com/realms/demo',
  issRequired: false,
}

/** A query that is the awaited answer. */
export const validQuery: string = `code=abc&state=${expected.state}`

/** A listener on a free port, and what it told about ignored answers. */
export interface TestListener {
  readonly listener: CallbackListener
  readonly port: number
  readonly ignored: readonly string[]
  readonly abort: AbortController
}

/** Starts a real listener on a free port of loopback. */
export async function startListener(request: Partial<ListenRequest> = {}): Promise<TestListener> {
  const abort = new AbortController()
  const ignored: string[] = []
  const ports: number[] = []
  const system = nodeSystem(abort.signal)
  const log = {
    level: 1,
    trace: (_level: number, message: () => string) => {
      ports.push(Number(/port (\d+)$/.exec(message())?.[1]))
    },
  }
  const listener = await listenForCallback(
    { ...system, log },
    {
      addresses: ['127.0.0.1:0'],
      ...expected,
      onIgnored: (reason) => ignored.push(reason),
      signal: abort.signal,
      ...request,
    },
  )
  return { listener, port: ports.at(-1) ?? 0, ignored, abort }
}

/** A whole HTTP answer. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** What a visitor sends. */
export interface Visit {
  readonly method?: string
  readonly target?: string
  /** The Host header; null leaves it out. */
  readonly host?: string | null
  /** More header lines. */
  readonly headers?: readonly string[]
  readonly body?: string
  readonly address?: string
}

/** Sends one request on a connection of its own and reads until the listener ends it. */
export async function visit(port: number, request: Visit = {}): Promise<Answer> {
  return parseAnswer(await exchange(port, requestText(port, request), request.address))
}

/** The bytes of a request. */
export function requestText(port: number, request: Visit = {}): string {
  const { method = 'GET', target = '/', host = `localhost:${port}`, body = '' } = request
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...(request.headers ?? []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Sends some bytes and resolves with all that comes back, when the connection has ended. */
export async function exchange(port: number, bytes: string, address?: string): Promise<string> {
  const socket = await connect(port, address)
  socket.write(bytes)
  return await readToEnd(socket)
}

/** Opens a connection. A reset is an end like any other. */
export async function connect(port: number, address = '127.0.0.1'): Promise<Socket> {
  const socket = connectTcp(port, address)
  return await new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

/** All that a connection brings until it has ended. */
export async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(chunks).toString('utf8')
}

/** Takes an HTTP answer apart. */
export function parseAnswer(text: string): Answer {
  const [head = '', body = ''] = splitOnce(text, '\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => splitOnce(line, ': '))
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: new Map(headers.map(([name = '', value = '']) => [name.toLowerCase(), value])),
    body,
  }
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + separator.length)]
}
