import type { UpstreamAccess } from './access.ts'
import { openConnection } from './connecting.ts'
import type { ConnectionPool } from './connection-pool.ts'
import { failureOf, type UpstreamFailure } from './failure.ts'
import type { Receiver, Sending, Transport, UpstreamRequest } from './request.ts'
import { type SharedConnection, shareConnection, sharedProtocol } from './shared-connection.ts'
import { type SharedHead, sharedHead } from './shared-headers.ts'

/** How {@link createSharedConnections} are bounded. */
export interface SharedLimits {
  /** How many requests there may be at once. */
  readonly maxConnections: number
  /** What the head of an answer may take, in bytes. */
  readonly maxHeaderBytes: number
}

/** A request that waits until there is a connection. */
interface Waiting {
  readonly start: (connection: SharedConnection) => void
  readonly fall: () => void
  readonly fail: (failure: UpstreamFailure) => void
}

/**
 * Requests that last, many upon one connection where the API server speaks HTTP/2: what a connection
 * costs in memory is more than all else of a watch.
 *
 * @param others takes the requests that must have a connection of their own, and all when the API server
 *   does not speak HTTP/2
 */
export function createSharedConnections(
  access: UpstreamAccess,
  transport: Transport,
  limits: SharedLimits,
  others: ConnectionPool,
): ConnectionPool {
  const connections = new Set<SharedConnection>()
  const waiting = new Set<Waiting>()
  let running = 0
  let isOpening = false
  let speaksOnlyHttp1 = false
  let isClosed = false
  let closed: (() => void) | undefined

  function open(): void {
    if (isOpening) return
    isOpening = true
    const socket = openConnection(
      access,
      transport,
      (...[error]) => {
        if (error) opened(() => failAll(failureOf(error)))
        else if (socket.alpnProtocol === sharedProtocol) share()
        else {
          speaksOnlyHttp1 = true
          socket.destroySoon()
          opened(() => takeAll((one) => one.fall()))
        }
      },
      [sharedProtocol, 'http/1.1'],
    )

    function share(): void {
      let wasReady = false
      const connection = shareConnection(socket, access.server, limits.maxHeaderBytes, {
        ready() {
          wasReady = true
          connections.add(connection)
          opened(serve)
        },
        gone(failure) {
          connections.delete(connection)
          if (!wasReady) opened(() => failAll(failure))
          settle()
        },
      })
    }
  }

  function opened(then: () => void): void {
    isOpening = false
    then()
    settle()
  }

  function takeAll(take: (one: Waiting) => void): void {
    for (const one of waiting) {
      waiting.delete(one)
      take(one)
    }
  }

  function failAll(failure: UpstreamFailure): void {
    takeAll((one) => one.fail(failure))
  }

  function serve(): void {
    for (const one of waiting) {
      const connection = free()
      if (!connection) {
        open()
        break
      }
      waiting.delete(one)
      one.start(connection)
    }
  }

  function free(): SharedConnection | undefined {
    for (const connection of connections) if (connection.hasRoom()) return connection
    return undefined
  }

  function settle(): void {
    if (!isClosed || isOpening || waiting.size > 0) return
    for (const connection of connections) connection.close()
    if (connections.size === 0) closed?.()
  }

  function share(request: UpstreamRequest, head: SharedHead, receiver: Receiver): Sending {
    running += 1
    const connection = free()
    if (!connection) return wait(request, head, receiver)
    return sent(connection, request, head, receiver)
  }

  function sent(
    connection: SharedConnection,
    request: UpstreamRequest,
    head: SharedHead,
    receiver: Receiver,
  ): Sending {
    try {
      return connection.send(head, receiver, over)
    } catch {
      over()
      return others.send(request, receiver)
    }
  }

  function over(): void {
    running -= 1
  }

  function wait(request: UpstreamRequest, head: SharedHead, receiver: Receiver): Sending {
    let sending: Sending | undefined
    // A watch lasts for hours, and must not keep what it waited with as long.
    let one: Waiting | undefined = waitingFor(request, head, receiver, (begun) => {
      one = undefined
      sending = begun
    })
    waiting.add(one)
    open()
    return {
      resume: () => sending?.resume(),
      abort() {
        if (one && waiting.delete(one)) one.fail('aborted')
        sending?.abort()
      },
    }
  }

  function waitingFor(
    request: UpstreamRequest,
    head: SharedHead,
    receiver: Receiver,
    begun: (sending: Sending) => void,
  ): Waiting {
    return {
      start: (connection) => begun(sent(connection, request, head, receiver)),
      fall() {
        over()
        begun(others.send(request, receiver))
      },
      fail(failure) {
        over()
        receiver.failed(failure)
      },
    }
  }

  return {
    send(request, receiver) {
      const isPlain = request.method === 'GET' && request.body === undefined
      const head = isPlain && !speaksOnlyHttp1 ? sharedHead(request) : undefined
      if (!head) return others.send(request, receiver)
      if (running < limits.maxConnections) return share(request, head, receiver)
      receiver.failed('overloaded')
      return { abort() {}, resume() {} }
    },
    async close() {
      isClosed = true
      const ended = new Promise<void>((resolve) => {
        closed = resolve
      })
      settle()
      await Promise.all([ended, others.close()])
    },
  }
}
