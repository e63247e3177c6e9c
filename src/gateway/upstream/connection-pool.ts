import type { UpstreamAccess } from './access.ts'
import { type Connection, createConnection } from './connection.ts'
import type { Receiver, Sending, Transport, UpstreamRequest } from './request.ts'

/** How a {@link ConnectionPool} is bounded. */
export interface PoolLimits {
  readonly maxConnections: number
  /** How many requests may wait for a connection. */
  readonly maxWaiting: number
  /** What the head of an answer may take, in bytes. */
  readonly maxHeaderBytes: number
}

/** Connections to the API server that are used again and again. */
export interface ConnectionPool {
  send(request: UpstreamRequest, receiver: Receiver): Sending
  /**
   * Idle connections are closed at once, the others when their request has ended.
   *
   * @returns resolves when none is left
   */
  close(): Promise<void>
}

interface Waiting {
  start(): void
}

/** Makes an empty pool. The connection that was used last is used next, so that others become idle. */
export function createConnectionPool(
  access: UpstreamAccess,
  transport: Transport,
  limits: PoolLimits,
): ConnectionPool {
  const idle: Connection[] = []
  const waiting = new Set<Waiting>()
  let busy = 0
  let closed: (() => void) | undefined

  function release(connection: Connection, isGood: boolean): void {
    busy -= 1
    if (!isGood || closed) connection.close()
    else idle.push(connection)
    const [next] = waiting
    if (next) {
      waiting.delete(next)
      next.start()
    }
    if (busy === 0 && waiting.size === 0) closed?.()
  }

  function start(request: UpstreamRequest, receiver: Receiver): Sending {
    const connection = idle.pop() ?? createConnection(access, transport, limits.maxHeaderBytes)
    busy += 1
    return connection.send(request, receiver, (isGood) => release(connection, isGood))
  }

  function wait(request: UpstreamRequest, receiver: Receiver): Sending {
    let sending: Sending | undefined
    const ticket: Waiting = {
      start() {
        sending = start(request, receiver)
      },
    }
    waiting.add(ticket)
    return {
      resume: () => sending?.resume(),
      abort() {
        if (waiting.delete(ticket)) receiver.failed('aborted')
        sending?.abort()
      },
    }
  }

  return {
    send(request, receiver) {
      if (busy < limits.maxConnections) return start(request, receiver)
      if (waiting.size < limits.maxWaiting) return wait(request, receiver)
      receiver.failed('overloaded')
      return { abort() {}, resume() {} }
    },
    async close() {
      for (const connection of idle.splice(0)) connection.close()
      if (busy === 0 && waiting.size === 0) return
      await new Promise<void>((resolve) => {
        closed = resolve
      })
    },
  }
}
