import type { Duplex } from 'node:stream'
import type { Forward, PassThrough } from '../impersonation/index.ts'
import type { ResponseHead } from '../upstream/index.ts'
import type { CutReason } from './client-connection.ts'
import type { Course } from './course.ts'
import type { Desk } from './desk.ts'
import { hangUp } from './hang-up.ts'
import { headBytes } from './response-bytes.ts'
import { relayedHead } from './response-head.ts'
import { pour } from './splice.ts'
import { onExpiry } from './stream.ts'
import type { Upgrading } from './upgrading.ts'
import { closeFrame, createWebSocketBoundary } from './websocket-boundary.ts'

/** A connection with the API server that has switched to another protocol. */
export interface Switched {
  readonly head: ResponseHead
  readonly socket: Duplex
  /** The first bytes of the new protocol. */
  readonly first: Buffer
}

/** How long the client may leave its side open after the API server has closed. */
const lingerMs = 30_000

/**
 * Joins the two connections: bytes as they come, each exactly once (rule F6), no faster than they are
 * taken, the end of one direction as the end of that direction (rule F8). There is no time limit (F9).
 */
export function openTunnel(
  desk: Desk,
  course: Course,
  decision: Forward | PassThrough,
  client: Upgrading,
  upstream: Switched,
): void {
  const { exchange } = course
  const isWebSocket = decision.request.upgrade?.toLowerCase() === 'websocket'
  const boundary = isWebSocket ? createWebSocketBoundary() : undefined
  const toUpstream = (chunk: Buffer): void => {
    exchange.bytesIn += chunk.length
  }
  const toClient = (chunk: Buffer): void => {
    exchange.bytesOut += chunk.length
    boundary?.passed(chunk)
  }

  client.socket.write(switchedHead(upstream.head))
  course.answered(101)
  if (client.first.length > 0) {
    toUpstream(client.first)
    upstream.socket.write(client.first)
  }
  if (upstream.first.length > 0) {
    toClient(upstream.first)
    client.socket.write(upstream.first)
  }
  pour(client.socket, upstream.socket, toUpstream)
  pour(upstream.socket, client.socket, toClient)
  client.socket.resume()

  const forget = onExpiry(desk, course, decision, desk.streams.upgradeOnExpiry)
  function gone(): void {
    forget()
    upstream.socket.destroy()
    course.ended(course.ending)
  }
  function cut(reason: CutReason): void {
    course.ending = reason
    // Between two frames the client can be told; within one there is only the end.
    const isPolite = boundary?.isReached() ?? false
    hangUp(course, client.socket, isPolite ? closeFrame(...farewells[reason]) : undefined)
    upstream.socket.destroy()
  }
  course.onGone = gone
  course.cut = cut
  client.socket.once('error', () => {
    course.ending = 'client_aborted'
  })
  upstream.socket.once('error', () => {
    course.ending = 'upstream_aborted'
    client.socket.destroy()
  })
  upstream.socket.once('end', () => {
    // SPDY says no good-bye that could be missed here.
    const isSurprise = boundary?.isClosing() === false && !client.socket.readableEnded
    if (isSurprise && course.ending === 'completed') course.ending = 'upstream_aborted'
    client.socket.setTimeout(lingerMs, () => client.socket.destroy())
  })
  upstream.socket.once('close', () => client.socket.destroySoon())
}

/** The answer by which the client's connection switches; what was chosen stays untouched (rule F5). */
function switchedHead(head: ResponseHead): Buffer {
  const { statusText, headers } = relayedHead(head)
  const protocol = head.headers.find(([name]) => name.toLowerCase() === 'upgrade')?.[1] ?? ''
  const lines = headers.filter(([name]) => name.toLowerCase() !== 'content-length')
  return headBytes(101, statusText ?? 'Switching Protocols', [
    ...lines,
    ['Connection', 'Upgrade'],
    ['Upgrade', protocol],
  ])
}

const farewells: Readonly<Record<CutReason, readonly [code: number, reason: string]>> = {
  token_expired: [1008, 'The token has expired.'],
  drained: [1001, 'The gateway is going away.'],
}
