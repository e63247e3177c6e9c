import { type ClientHttp2Stream, constants, type IncomingHttpStatusHeader } from 'node:http2'
import type { UpstreamFailure } from './failure.ts'
import type { Receiver, Sending } from './request.ts'
import { linesOf } from './shared-headers.ts'

/** What the connection of a request is told of it. */
export interface SharedStreamEvents {
  /** Why there is no answer when the connection broke before one. */
  whenBroken(): UpstreamFailure
  answered(): void
  /** Told once, at the end. @param isGivenUp whether the API server does not know it yet */
  over(isGivenUp: boolean): void
}

/** Carries the answer to one request of many upon a connection. */
export function carryStream(
  stream: ClientHttp2Stream,
  receiver: Receiver,
  events: SharedStreamEvents,
): Sending {
  let isOver = false
  let hasHead = false
  let trailers: readonly string[] = []

  function end(): void {
    if (isOver) return
    if (!hasHead || stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
      fail()
      return
    }
    isOver = true
    events.over(false)
    receiver.end(linesOf(trailers))
  }

  function fail(): void {
    if (isOver) return
    isOver = true
    events.over(false)
    // A request that was refused has not been looked at, and may be sent again like one that met a
    // connection which was just being closed (RFC 9113 §8.7).
    const isRefused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM
    receiver.failed(hasHead ? 'broken' : isRefused ? 'stale' : events.whenBroken())
  }

  stream.on('response', (headers: IncomingHttpStatusHeader, _: number, raw: readonly string[]) => {
    if (isOver) return
    hasHead = true
    events.answered()
    receiver.head({ status: headers[':status'] ?? 0, statusText: '', headers: linesOf(raw) })
    // Not before: Node tells of a head one turn later than of a body that came with it.
    stream.on('data', (chunk: Buffer) => {
      if (!isOver && !receiver.data(chunk)) stream.pause()
    })
    stream.on('end', end)
  })
  stream.on('trailers', (_: object, __: number, raw: readonly string[]) => {
    trailers = raw
  })
  stream.on('error', fail)
  stream.on('close', fail)

  return {
    resume() {
      if (!isOver) stream.resume()
    },
    abort() {
      if (isOver) return
      isOver = true
      stream.close(constants.NGHTTP2_CANCEL)
      stream.resume()
      events.over(true)
      receiver.failed('aborted')
    },
  }
}
