import { spawn } from 'node:child_process'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ApiRequest } from './request.ts'
import { badRequest } from './status.ts'
import { acceptWebSocket } from './websocket.ts'

/** Channels of `v5.channel.k8s.io` (k8s.io/apimachinery pkg/util/remotecommand/constants.go). */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 } as const

const protocol = 'v5.channel.k8s.io'

/**
 * Runs a command for `exec`, and one that repeats its input for `attach`: here, because there is no
 * container. Only a WebSocket is understood, not SPDY.
 *
 * @param folder where the command runs
 * @throws {StatusError} 400 for anything else
 */
export function serveExec(
  { query, target }: ApiRequest,
  incoming: IncomingMessage,
  socket: Duplex,
  folder: string,
): void {
  const isUnderstood =
    incoming.headers.upgrade?.toLowerCase() === 'websocket' &&
    incoming.headers['sec-websocket-protocol']?.includes(protocol)
  if (!isUnderstood) throw badRequest(`only a WebSocket of ${protocol} is understood`)
  const [program = '', ...args] =
    target?.subresource === 'attach' ? ['cat'] : query.getAll('command')
  const child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
  if (query.get('stdin') !== 'true') child.stdin.end()
  const peer = acceptWebSocket(incoming, socket, {
    protocol,
    received([kind = -1, ...data]) {
      if (kind === channel.stdin) child.stdin.write(Buffer.from(data))
      if (kind === channel.close) child.stdin.end()
    },
  })
  child.stdin.on('error', () => {})
  socket.on('error', () => {}).once('close', () => child.kill('SIGKILL'))
  const send = (kind: number, data: Buffer): void =>
    peer.send(Buffer.concat([Buffer.from([kind]), data]))
  child.stdout.on('data', (data: Buffer) => send(channel.stdout, data))
  child.stderr.on('data', (data: Buffer) => send(channel.stderr, data))
  child.once('error', () => socket.destroy())
  child.once('close', (code) => {
    send(channel.error, Buffer.from(JSON.stringify(outcome(code))))
    peer.close()
  })
}

/** How a command ended, as kubectl reads it. */
function outcome(code: number | null): object {
  const base = { kind: 'Status', apiVersion: 'v1', metadata: {} }
  if (code === 0) return { ...base, status: 'Success' }
  return {
    ...base,
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: 'command terminated with non-zero exit code',
    details: { causes: [{ reason: 'ExitCode', message: String(code ?? 1) }] },
  }
}
