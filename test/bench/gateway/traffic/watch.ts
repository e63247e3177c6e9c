import { connect, type TLSSocket } from 'node:tls'
import type { Stage } from '../servers/stage.ts'
import { path } from './traffic.ts'

/** Which watches are opened. */
export interface WatchOptions {
  readonly stage: Stage
  readonly port: number
  readonly token: string
  readonly count: number
}

/** So many connections are opened at the same time. */
const batch = 50

/** Opens watches, each on a connection of its own. @returns what closes each of them */
export async function openWatches(options: WatchOptions): Promise<(() => void)[]> {
  const closings: (() => void)[] = []
  while (closings.length < options.count) {
    const next = Math.min(batch, options.count - closings.length)
    const opened = await Promise.all(Array.from({ length: next }, async () => await open(options)))
    closings.push(...opened.map((socket) => () => void socket.destroy()))
  }
  return closings
}

async function open({ stage, port, token }: WatchOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', port, ca: stage.caPem })
  socket.write(
    `GET ${path}?watch=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  )
  const head = await new Promise<Buffer>((done, fail) => {
    socket
      .once('data', done)
      .once('error', fail)
      .once('close', () => fail(new Error('closed')))
  })
  socket.removeAllListeners('close').on('error', () => undefined)
  if (!head.toString('latin1').startsWith('HTTP/1.1 200 ')) {
    throw new Error(`no watch: ${head.toString('latin1').slice(0, 200)}`)
  }
  return socket
}
