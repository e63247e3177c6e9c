import { type ClientHttp2Session, connect } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { UpstreamFailure } from './failure.ts'
import type { Receiver, Sending } from './request.ts'
import type { SharedHead } from './shared-headers.ts'
import { carryStream } from './shared-stream.ts'

/** A connection that carries many requests at once (HTTP/2). */
export interface SharedConnection {
  /** Whether it takes one more request. */
  hasRoom(): boolean
  /**
   * @param done told when the request is over
   * @throws what `node:http2` does not send; then nothing was sent
   */
  send(head: SharedHead, receiver: Receiver, done: () => void): Sending
  /** Takes no request any more, and ends with the last one. */
  close(): void
}

/** What becomes of a {@link SharedConnection}. */
export interface SharedConnectionEvents {
  /** It takes requests. */
  ready(): void
  /** It is gone. Its requests have been told. */
  gone(failure: UpstreamFailure): void
}

/** kube-apiserver's own number; others share the fate of one connection, too. */
const maxRequests = 100
/** Windows (RFC 9113 §5.2): of all requests together; each one has 64 KiB. */
const windowBytes = 1024 * 1024
const settingsTimeoutMs = 10_000
const idleTimeoutMs = 60_000
/**
 * So long after a request was given up its place stays taken: the API server has to end it, and counts
 * against everybody what somebody begins and gives up faster than that.
 */
const givenUpMs = 1_000

/**
 * Speaks HTTP/2 upon a connection that was opened for it.
 *
 * @param server `https://host[:port]`
 * @param maxHeaderBytes what the head of an answer may take
 */
export function shareConnection(
  socket: TLSSocket,
  server: string,
  maxHeaderBytes: number,
  events: SharedConnectionEvents,
): SharedConnection {
  const session: ClientHttp2Session = connect(server, {
    createConnection: () => socket,
    settings: { enablePush: false, maxHeaderListSize: maxHeaderBytes },
  })
  let room = 0
  let taken = 0
  let isOpen = true
  let isReady = false
  let hasAnswered = false
  let isLate = false
  const waiting = setTimeout(() => {
    isLate = true
    session.destroy()
  }, settingsTimeoutMs)
  let idle = setTimeout(close, idleTimeoutMs).unref()

  session.setLocalWindowSize(windowBytes)
  session.on('remoteSettings', ({ maxConcurrentStreams = maxRequests }) => {
    room = Math.min(maxConcurrentStreams, maxRequests)
    if (isReady) return
    isReady = true
    clearTimeout(waiting)
    events.ready()
  })
  session.on('goaway', () => {
    isOpen = false
  })
  // Each request is told by its own stream.
  session.on('error', () => undefined)
  session.once('close', () => {
    isOpen = false
    clearTimeout(waiting)
    clearTimeout(idle)
    events.gone(isLate ? 'timed_out' : 'broken')
  })

  function close(): void {
    isOpen = false
    session.close()
  }

  function release(): void {
    taken -= 1
    if (taken === 0 && isOpen) idle = setTimeout(close, idleTimeoutMs).unref()
  }

  return {
    hasRoom: () => isOpen && isReady && taken < room && !session.closed,
    close,
    send(head, receiver, done) {
      const stream = session.request(head, { endStream: true })
      taken += 1
      clearTimeout(idle)
      return carryStream(stream, receiver, {
        // Before the first answer nothing can be said of who closed it, or why.
        whenBroken: () => (hasAnswered ? 'stale' : 'broken'),
        answered() {
          hasAnswered = true
        },
        over(isGivenUp) {
          if (isGivenUp) setTimeout(release, givenUpMs).unref()
          else release()
          done()
        },
      })
    },
  }
}

/** The name of HTTP/2 in a TLS handshake. */
export const sharedProtocol = 'h2'
