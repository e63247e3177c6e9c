import type { TLSSocket } from 'node:tls'
import { createMessageParser, type MessageHead, type MessageParser } from '../http1/index.ts'
import type { HeaderLine } from '../request/index.ts'
import type { UpstreamAccess } from './access.ts'
import { openConnection } from './connecting.ts'
import { failureOf, type UpstreamFailure } from './failure.ts'
import type { Receiver, Sending, Transport, UpstreamRequest } from './request.ts'
import { writeRequest } from './write-request.ts'

/** A connection that carries one request at a time and is opened again when it has been closed. */
export interface Connection {
  /** @param done told when the request is over, and whether the connection is good for another */
  send(request: UpstreamRequest, receiver: Receiver, done: (isGood: boolean) => void): Sending
  close(): void
}

/**
 * kube-apiserver closes idle connections after 90 seconds; ours end before, so that a request seldom
 * meets one that is just being closed.
 */
const idleTimeoutMs = 60_000

/** The request that a connection carries, from the call to the end of the answer. */
interface Carried {
  readonly request: UpstreamRequest
  readonly receiver: Receiver
  readonly done: (isGood: boolean) => void
  hasHead: boolean
  /** Whether the connection may be used again when the answer is whole. */
  isKeptAlive: boolean
  isSent: boolean
  /** Gives up the rest of the request's body. */
  stopSending(): void
}

/** Makes a connection; it is opened for the first request. */
export function createConnection(
  access: UpstreamAccess,
  transport: Transport,
  maxHeaderBytes: number,
): Connection {
  let socket: TLSSocket | undefined
  let parser: MessageParser | undefined
  let carried: Carried | undefined
  // The trailers of an answer that is whole, until it is known what came behind it.
  let whole: readonly HeaderLine[] | undefined
  let served = 0
  let idle: NodeJS.Timeout | undefined

  function drop(): void {
    const dropped = socket
    socket = undefined
    parser?.close()
    parser = undefined
    clearTimeout(idle)
    idle = undefined
    dropped?.destroy()
  }

  function fail(failure: UpstreamFailure): void {
    const failed = carried
    carried = undefined
    drop()
    if (!failed) return
    failed.stopSending()
    failed.done(false)
    // Before the first answer nothing can be said of who closed it, or why.
    failed.receiver.failed(failure === 'broken' && served > 0 ? 'stale' : failure)
  }

  function opened(fresh: TLSSocket): void {
    served = 0
    parser = createMessageParser(
      {
        side: 'responses',
        maxHeadBytes: maxHeaderBytes,
        isBodiless: () => carried?.request.method === 'HEAD',
      },
      { head: gotHead, data: gotData, end: gotEnd },
    )
    fresh.on('data', (chunk: Buffer) => got(fresh, chunk))
    fresh.on('end', () => ended(fresh))
    fresh.on('error', (error) => {
      if (fresh === socket) fail(broken(error))
    })
    fresh.on('close', () => {
      if (fresh === socket) fail('broken')
    })
  }

  function got(from: TLSSocket, chunk: Buffer): void {
    let rest = chunk
    while (from === socket && rest.length > 0) {
      // An answer that nobody has asked for would be taken for that of the next request.
      if (!carried || !parser) {
        drop()
        return
      }
      try {
        rest = rest.subarray(parser.read(rest))
        conclude(rest.length === 0)
      } catch (error) {
        fail(failureOf(error))
      }
    }
  }

  function ended(from: TLSSocket): void {
    if (from !== socket) return
    try {
      parser?.finish()
      conclude(true)
    } catch {
      // Cut short: told below.
    }
    if (from === socket) fail('broken')
  }

  function gotHead(head: MessageHead): void {
    if (!carried) return
    // Interim answers are nothing that the client asked for: 100 is ours to give (rule E8).
    if (head.status < 200) {
      // Nobody has asked for another protocol here, and below 100 there is no status.
      if (head.isUpgrade || head.status < 100) fail('invalid')
      return
    }
    // Nor for a coding that would have to be undone: ours is taken off and told to nobody (RFC 9112 §6.1).
    if (head.headers.some(isOtherCoding)) {
      fail('invalid')
      return
    }
    carried.hasHead = true
    carried.isKeptAlive = head.isKeptAlive
    carried.receiver.head(head)
  }

  function gotData(piece: Buffer): void {
    if (carried?.hasHead && !carried.receiver.data(piece)) socket?.pause()
  }

  function gotEnd(trailers: readonly HeaderLine[]): void {
    if (carried?.hasHead) whole = trailers
  }

  /** @param isAlone whether nothing came behind the answer: it would be taken for that of the next request */
  function conclude(isAlone: boolean): void {
    if (!carried || !whole) return
    const [over, trailers] = [carried, whole]
    carried = undefined
    whole = undefined
    served += 1
    // A request that is not sent to its end leaves bytes behind that the next one would begin with.
    const isGood = over.isKeptAlive && over.isSent && isAlone
    over.stopSending()
    if (isGood) rest()
    else drop()
    over.done(isGood)
    over.receiver.end(trailers)
  }

  function rest(): void {
    socket?.resume()
    if (idle) idle.refresh()
    else idle = setTimeout(() => carried === undefined && drop(), idleTimeoutMs).unref()
  }

  return {
    close() {
      if (carried) fail('aborted')
      else drop()
    },
    send(request, receiver, done) {
      const one: Carried = {
        request,
        receiver,
        done,
        hasHead: false,
        isKeptAlive: false,
        isSent: false,
        stopSending() {},
      }
      carried = one
      const write = (to: TLSSocket): void => {
        one.stopSending = writeRequest(to, request, {
          sent() {
            one.isSent = true
          },
          failed: () => carried === one && fail('invalid'),
        })
      }
      if (socket) {
        write(socket)
      } else {
        const opening = openConnection(access, transport, (...[error]) => {
          if (opening !== socket) return
          if (error) {
            fail(failureOf(error))
            return
          }
          opened(opening)
          write(opening)
        })
        socket = opening
      }
      return {
        resume() {
          if (carried === one) socket?.resume()
        },
        abort() {
          if (carried === one) fail('aborted')
        },
      }
    },
  }
}

function isOtherCoding([name, value]: HeaderLine): boolean {
  return (
    name.length === 17 &&
    name.toLowerCase() === 'transfer-encoding' &&
    value.toLowerCase() !== 'chunked'
  )
}

/** A connection that was open and is not any more: whatever the reason, the answer is missing. */
function broken(error: Error): UpstreamFailure {
  const failure = failureOf(error)
  return failure === 'unreachable' ? 'broken' : failure
}
