import { type IncomingMessage, request as startRequest } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { UpstreamAccess } from './access.ts'
import { openConnection } from './connecting.ts'
import { failureOf } from './failure.ts'
import type { Transport } from './request.ts'
import { headerLines, type ResponseHead } from './response-head.ts'
import type { DialAnswer, DialRequest } from './upstream.ts'

/**
 * Asks for an upgrade on a connection of its own. What comes back is either a switched connection or an
 * ordinary answer, and then the connection has no other use than to deliver its body (rule F4).
 */
export async function dial(
  access: UpstreamAccess,
  request: DialRequest,
  { signal, maxHeaderBytes }: { readonly signal: AbortSignal; readonly maxHeaderBytes: number },
): Promise<DialAnswer> {
  try {
    const socket = await opened(access, request.transport, signal)
    return await asked(socket, request, signal, maxHeaderBytes)
  } catch (error) {
    return { kind: 'failed', failure: signal.aborted ? 'aborted' : failureOf(error) }
  }
}

async function opened(
  access: UpstreamAccess,
  transport: Transport,
  signal: AbortSignal,
): Promise<TLSSocket> {
  signal.throwIfAborted()
  return await new Promise((resolve, reject) => {
    const giveUp = (): void => void connecting.destroy()
    const connecting = openConnection(access, transport, (error, socket) => {
      signal.removeEventListener('abort', giveUp)
      if (error === null) resolve(socket)
      else reject(error)
    })
    signal.addEventListener('abort', giveUp)
  })
}

async function asked(
  socket: TLSSocket,
  request: DialRequest,
  signal: AbortSignal,
  maxHeaderSize: number,
): Promise<DialAnswer> {
  socket.allowHalfOpen = true
  // Node takes its own listener away when the connection is switched; an error must never be nobody's.
  socket.on('error', () => {})
  const message = startRequest({
    method: request.method,
    path: request.target,
    headers: flatHeaders(request),
    maxHeaderSize,
    insecureHTTPParser: false,
    // With a connection of its own Node uses no agent: no other request comes upon it, and no proxy.
    createConnection: () => socket,
  })
  const giveUp = (): void => void message.destroy()
  signal.addEventListener('abort', giveUp)
  try {
    return await new Promise<DialAnswer>((resolve, reject) => {
      message.on('upgrade', (response: IncomingMessage, _: unknown, first: Buffer) => {
        resolve({ kind: 'switched', head: headOf(response), socket, first })
      })
      message.on('response', (response: IncomingMessage) => {
        response.once('close', () => socket.destroy())
        resolve({ kind: 'answered', head: headOf(response), body: response })
      })
      // A 101 that names no protocol: Node takes it for an interim answer and would wait for more.
      message.on('information', ({ statusCode }) => {
        if (statusCode === 101) message.destroy(invalid())
      })
      message.on('error', (error) => {
        socket.destroy()
        reject(error)
      })
      message.end()
    })
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

function flatHeaders(request: DialRequest): string[] {
  const flat: string[] = []
  for (const [name, value] of request.headers) flat.push(name, value)
  // A length of nothing says that there is no body between the head and the new protocol.
  if (request.method === 'POST') flat.push('Content-Length', '0')
  flat.push('Connection', 'Upgrade', 'Upgrade', request.protocol)
  return flat
}

function headOf(response: IncomingMessage): ResponseHead {
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers: headerLines(response.rawHeaders),
  }
}

function invalid(): Error {
  return Object.assign(new Error('The API server switched to no protocol.'), { code: 'HPE_101' })
}
