import type { TLSSocket } from 'node:tls'
import { atEndOfTurn, chunkEnd, chunkStart, headText, joined, lastChunk } from '../http1/index.ts'
import type { HeaderLine } from '../request/index.ts'
import type { BodySource, UpstreamRequest } from './request.ts'

/** Told how the writing of a request ended. */
export interface WritingEvents {
  /** The last byte has been handed to the socket, or will be at the end of this turn. */
  sent(): void
  /** The body was not as long as it was said to be. */
  failed(): void
}

/**
 * Writes a request, head and body, and frames the body (RFC 9112 §6): by its length when it is known, in
 * chunks otherwise.
 *
 * @returns gives up what has not been written
 */
export function writeRequest(
  socket: TLSSocket,
  request: UpstreamRequest,
  events: WritingEvents,
): () => void {
  const { method, target, headers, body, contentLength } = request
  const head = headText(`${method} ${target} HTTP/1.1`, framed(request), headers)
  if (body === undefined || Buffer.isBuffer(body)) {
    const whole = body ? joined([head, body]) : head
    atEndOfTurn(() => socket.write(whole, 'latin1'))
    events.sent()
    return () => {}
  }
  socket.write(head, 'latin1')
  return writeBody(socket, body, contentLength, events)
}

function framed({ ownHeaders, body, contentLength }: UpstreamRequest): readonly HeaderLine[] {
  if (contentLength !== undefined) return [...ownHeaders, ['Content-Length', String(contentLength)]]
  return body === undefined ? ownHeaders : [...ownHeaders, ['Transfer-Encoding', 'chunked']]
}

function writeBody(
  socket: TLSSocket,
  body: BodySource,
  contentLength: number | undefined,
  events: WritingEvents,
): () => void {
  let left = contentLength ?? Number.POSITIVE_INFINITY
  const isChunked = contentLength === undefined
  const goOn = (): void => body.resume()
  const stop = (): void => {
    socket.off('drain', goOn)
    body.cancel()
  }
  socket.on('drain', goOn)
  body.read({
    data(chunk) {
      left -= chunk.length
      if (left < 0) {
        stop()
        events.failed()
        return false
      }
      if (!isChunked) return socket.write(chunk)
      socket.cork()
      socket.write(chunkStart(chunk.length), 'latin1')
      socket.write(chunk)
      const isTaken = socket.write(chunkEnd, 'latin1')
      socket.uncork()
      return isTaken
    },
    end() {
      socket.off('drain', goOn)
      if (!isChunked && left > 0) {
        events.failed()
        return
      }
      if (isChunked) socket.write(lastChunk([]), 'latin1')
      events.sent()
    },
  })
  return stop
}
