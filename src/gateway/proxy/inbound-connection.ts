import type { TLSSocket } from 'node:tls'
import { systemErrorCode } from '../../errors.ts'
import { atEndOfTurn, createMessageParser, type MessageHead } from '../http1/index.ts'
import { headerValue } from '../request/index.ts'
import { type Answer, createAnswer } from './answer.ts'
import { createInboundBody, type InboundBody, noBody } from './inbound-body.ts'
import { discardRest } from './linger.ts'
import { announcesBody, type Client } from './respond.ts'
import type { Upgrading } from './upgrading.ts'

/** What an {@link InboundConnection} depends on. */
export interface InboundSettings {
  readonly maxHeaderBytes: number
  readonly headersTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  /** The value of `Date`. */
  readonly date: () => string
  /** Milliseconds on a clock that nobody sets. */
  readonly elapsed: () => number
}

/** What comes upon a connection. */
export interface InboundEvents {
  /** A request, in its turn: the one before it has been answered. */
  request(client: Client): void
  /** A request that asks for another protocol, or a tunnel. The socket is the taker's from now on. */
  upgrade(client: Upgrading): void
  /** More waits behind a request than a client that waits for its answers would send. */
  piledUp(head: MessageHead, socket: TLSSocket): void
  /** What came is not HTTP, or does not come in time; there may be a request under way. */
  malformed(error: Error, socket: TLSSocket): void
}

/** A connection with a client, as a sequence of requests. */
export interface InboundConnection {
  /** To be called now and then: ends it when its client takes too long, and forgets what is not needed. */
  check(): void
}

/** How much may wait behind a request that is under way, in bytes. */
const longestBacklog = 64 * 1024

/** A request that waits for its turn. */
interface Waiting {
  readonly head: MessageHead
  readonly body: InboundBody
}

/** A request that is served. Its head is whoever's serves it: that of a watch would be kept for hours. */
interface Underway {
  readonly body: InboundBody
  readonly answer: Answer
  /** Whether the client sends the body only when it is asked for it. */
  readonly isHeldBack: boolean
}

/**
 * Reads requests from a connection, one after the other: the next one is looked at, but not served, before
 * the last byte of an answer has been handed on. Who does not read answers is not read either (rule G5).
 */
export function readRequests(
  socket: TLSSocket,
  settings: InboundSettings,
  events: InboundEvents,
): InboundConnection {
  const keepAlive = `timeout=${Math.floor(settings.keepAliveTimeoutMs / 1000)}`
  const backlog: Buffer[] = []
  let backlogBytes = 0
  let current: Underway | undefined
  let next: Waiting | undefined
  let upgrade: MessageHead | undefined
  let isReading = false
  let isHangingUp = false
  let isOver = false
  // Since when a head is awaited: the first one from the beginning, others from their first byte on.
  let headSince: number | undefined = settings.elapsed()
  let idleSince = headSince

  const parser = createMessageParser(
    { side: 'requests', maxHeadBytes: settings.maxHeaderBytes },
    {
      head(head) {
        if (head.isUpgrade) upgrade = head
        else if (current) next = waitingOf(head)
        else begin(waitingOf(head))
      },
      data: (piece) => (next ?? current)?.body.push(piece),
      end: () => (next ?? current)?.body.finish(),
    },
  )

  function waitingOf(head: MessageHead): Waiting {
    return { head, body: announcesBody(head) ? createInboundBody(readOn) : noBody }
  }

  function begin({ head, body }: Waiting): void {
    const answer = createAnswer(socket, head, { keepAlive, date: settings.date, finished })
    current = { body, answer, isHeldBack: headerValue(head.headers, 'expect') !== undefined }
    events.request({ request: { head, body, socket }, answer })
  }

  function finished(isLast: boolean): void {
    if (isOver || !current) return
    if (isLast || !current.body.isComplete()) {
      hangUp(current)
      return
    }
    const following = next
    current = undefined
    next = undefined
    idleSince = settings.elapsed()
    // What it has of the next head, it could not go on with before.
    headSince = undefined
    if (upgrade) {
      handOver(upgrade)
      return
    }
    if (following) begin(following)
    readOn()
  }

  /** The last answer has been sent. */
  function hangUp({ body, isHeldBack }: Underway): void {
    isHangingUp = true
    next = undefined
    if (body.isComplete() || isHeldBack) {
      release()
      socket.destroySoon()
    } else {
      discardRest(socket, body, release)
    }
  }

  function release(): void {
    isOver = true
    parser.close()
    socket.off('data', got).off('end', ended)
  }

  function mayRead(): boolean {
    if (isOver || next || upgrade) return false
    return !current || current.body.isComplete() || current.body.isWanted()
  }

  function readOn(): void {
    // Whoever is told of a request may want its body at once: the loop that told of it goes on.
    if (isReading) return
    isReading = true
    try {
      while (mayRead()) {
        const [first] = backlog
        if (!first) break
        take(parser.read(first))
        if (upgrade) handOver(upgrade)
      }
    } catch (error) {
      misread(error)
    } finally {
      isReading = false
    }
    if (isOver) return
    headSince = parser.isInHead() ? (headSince ?? settings.elapsed()) : undefined
    if (backlogBytes > longestBacklog && next) {
      // Who has the answer does not pile up; that it has gone out is told a turn later than its client may be heard.
      if (current?.answer.isHandedOver()) socket.pause()
      else pileUp(next)
    } else if (upgrade || (current && !current.body.isComplete() && !current.body.isWanted())) {
      socket.pause()
    } else {
      socket.resume()
    }
  }

  function misread(error: unknown): void {
    release()
    const isMalformed = error instanceof Error && systemErrorCode(error)?.startsWith('HPE_')
    if (isMalformed && !isHangingUp) events.malformed(error, socket)
    else socket.destroySoon()
  }

  function take(bytes: number): void {
    const first = backlog.shift()
    if (!first) return
    backlogBytes -= bytes
    if (bytes < first.length) backlog.unshift(first.subarray(bytes))
  }

  function handOver(head: MessageHead): void {
    // Its client has the answer before it, as we are about to be told.
    if (current?.answer.isHandedOver()) return
    release()
    // Whatever comes now waits for its taker.
    socket.pause()
    // Answers to earlier requests are still to come: ours would go between them.
    if (current) socket.destroy()
    else events.upgrade({ head, socket, first: Buffer.concat(backlog.splice(0)) })
  }

  function pileUp({ head }: Waiting): void {
    release()
    events.piledUp(head, socket)
  }

  function got(chunk: Buffer): void {
    backlog.push(chunk)
    backlogBytes += chunk.length
    readOn()
  }

  function ended(): void {
    // Half a request gets an answer that says so; whoever waits for an answer has gone.
    if (!current && !isOver) {
      try {
        parser.finish()
      } catch (error) {
        misread(error)
        return
      }
    }
    // An answer that is whole goes out before.
    atEndOfTurn(() => socket.destroySoon())
  }

  socket.on('data', got).on('end', ended)
  socket.once('close', release)
  return {
    check() {
      // What it knows is for requests that follow each other, and holds a token.
      parser.forgetUnused()
      if (isOver || current) return
      const now = settings.elapsed()
      if (headSince !== undefined) {
        if (now - headSince < settings.headersTimeoutMs) return
        release()
        events.malformed(headTimeout(), socket)
      } else if (now - idleSince >= settings.keepAliveTimeoutMs) {
        socket.destroySoon()
      }
    },
  }
}

/** As Node's own server calls it. */
function headTimeout(): Error {
  return Object.assign(new Error('The head did not arrive in time.'), {
    code: 'ERR_HTTP_REQUEST_TIMEOUT',
  })
}
