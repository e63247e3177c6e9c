import type { Socket } from 'node:net'
import {
  atEndOfTurn,
  chunkEnd,
  chunkStart,
  headText,
  joined,
  lastChunk,
  type MessageHead,
} from '../http1/index.ts'
import { type HeaderLine, headerValue } from '../request/index.ts'
import { statusLine } from './status-line.ts'

/** The head of an answer, without framing and without lines about the connection. */
export interface AnswerHead {
  readonly status: number
  /** Undefined for the usual one. */
  readonly statusText: string | undefined
  readonly headers: readonly HeaderLine[]
}

/** The way to answer one request. */
export interface Answer {
  /** Whether it has a head: nothing else can be answered any more. */
  hasBegun(): boolean
  /** Whether all of it has been given to the socket: the client may have it, and go on, before we are told so. */
  isHandedOver(): boolean
  /**
   * The head waits for what else comes in the same turn, so that all goes out at once.
   *
   * @param endsConnection whether the connection is closed after the answer in any case
   */
  begin(head: AnswerHead, endsConnection: boolean): void
  /** @returns whether more may come at once; after a no, {@link Answer.whenDrained} tells when */
  write(chunk: Buffer): boolean
  whenDrained(goOn: () => void): void
  /** @param trailers sent where the framing has room for them */
  end(trailers?: readonly HeaderLine[]): void
  /** Asks for the body that the client holds back (`100 Continue`). */
  askForBody(): void
  /** Tells when all of it has been handed to the operating system. */
  whenFinished(finished: () => void): void
}

/** What an {@link Answer} needs beside its request. */
export interface AnswerOptions {
  /** The value of `Keep-Alive`. */
  readonly keepAlive: string
  /** The value of `Date`, for answers that bring none (RFC 9110 §6.6.1). */
  readonly date: () => string
  /**
   * Told after everybody else that it is finished.
   *
   * @param isLast whether the client was told that the connection ends
   */
  readonly finished: (isLast: boolean) => void
}

/** How the end of a body is told (RFC 9112 §6.3). */
type Framing = 'none' | 'length' | 'chunks' | 'close'

/** So much is put together before it is encrypted: what fits in one TLS record (RFC 8446 §5.1). */
const longestHeld = 16 * 1024

/** Makes the answer to a request. Pieces that come in one turn leave in one write. */
export function createAnswer(socket: Socket, request: MessageHead, options: AnswerOptions): Answer {
  // Not the whole head: a watch lasts for hours.
  const { method, httpVersion, isKeptAlive } = request
  let framing: Framing | undefined
  let isLast = false
  let held: (string | Buffer)[] = []
  let heldBytes = 0
  let isScheduled = false
  let isEnded = false
  let unwritten = 0
  // What a body with a length still lacks.
  let left = 0
  let goOnWhenDrained: (() => void) | undefined
  let whenFinished: (() => void) | undefined

  function written(error?: Error | null): void {
    unwritten -= 1
    // The client is gone, and the end of its connection is told elsewhere.
    if (error || !isEnded || unwritten > 0 || heldBytes > 0) return
    whenFinished?.()
    options.finished(isLast)
  }

  function flush(): boolean {
    isScheduled = false
    if (heldBytes === 0) return true
    const [first] = held
    const bytes = held.length === 1 && first !== undefined ? first : joined(held)
    held = []
    heldBytes = 0
    unwritten += 1
    return socket.write(bytes, 'latin1', written)
  }

  /** @param bytes a text has one character a byte */
  function hold(bytes: string | Buffer): void {
    held.push(bytes)
    heldBytes += bytes.length
  }

  function flushSoon(): boolean {
    if (heldBytes > longestHeld) return flush()
    if (!isScheduled) atEndOfTurn(flush)
    isScheduled = true
    // Nobody hears what the flush at the end of the turn answers.
    return !socket.writableNeedDrain
  }

  function drained(): void {
    const goOn = goOnWhenDrained
    goOnWhenDrained = undefined
    goOn?.()
  }

  return {
    hasBegun: () => framing !== undefined,
    isHandedOver: () => isEnded && heldBytes === 0,
    begin(head, endsConnection) {
      const length = headerValue(head.headers, 'content-length')
      framing = framingOf(method, httpVersion, head.status, length)
      left = Number(length ?? 0)
      isLast = endsConnection || !isKeptAlive || httpVersion !== '1.1' || framing === 'close'
      const lines = [...head.headers]
      if (headerValue(head.headers, 'date') === undefined) lines.push(['Date', options.date()])
      if (framing === 'chunks') lines.push(['Transfer-Encoding', 'chunked'])
      if (isLast) lines.push(['Connection', 'close'])
      else lines.push(['Connection', 'keep-alive'], ['Keep-Alive', options.keepAlive])
      hold(headText(statusLine(head.status, head.statusText), lines))
      flushSoon()
    },
    write(chunk) {
      if (framing === 'none' || chunk.length === 0) return true
      left -= chunk.length
      if (framing === 'chunks') hold(chunkStart(chunk.length))
      hold(chunk)
      if (framing === 'chunks') hold(chunkEnd)
      return flushSoon()
    },
    whenDrained(goOn) {
      if (goOnWhenDrained === undefined) socket.once('drain', drained)
      goOnWhenDrained = goOn
    },
    end(trailers = []) {
      if (isEnded) return
      if (framing === 'chunks') hold(lastChunk(trailers))
      // The client would take what comes next for the rest: it must see that there is none.
      if (framing === 'length' && left > 0) isLast = true
      isEnded = true
      if (heldBytes > 0) {
        flushSoon()
      } else {
        unwritten += 1
        atEndOfTurn(written)
      }
    },
    whenFinished(finished) {
      whenFinished = finished
    },
    askForBody() {
      // RFC 9110 §10.1.1: HTTP/1.0 would take it for the answer.
      if (framing === undefined && httpVersion === '1.1')
        socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
    },
  }
}

function framingOf(
  method: string,
  httpVersion: string,
  status: number,
  length: string | undefined,
): Framing {
  if (method === 'HEAD' || status === 204 || status === 304) return 'none'
  if (length !== undefined) return 'length'
  return httpVersion === '1.1' ? 'chunks' : 'close'
}
