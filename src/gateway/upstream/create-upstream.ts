import { isSameAccess, type UpstreamAccess } from './access.ts'
import { type ConnectionPool, createConnectionPool } from './connection-pool.ts'
import { dial } from './dial.ts'
import type { UpstreamRequest } from './request.ts'
import { createSharedConnections } from './shared-connections.ts'
import type { Upstream } from './upstream.ts'

/** How an {@link Upstream} is to be. */
export interface UpstreamOptions {
  readonly access: UpstreamAccess
  /** Connections of each lane and transport. */
  readonly maxConnections: number
  /** What the head of an answer may take, in bytes. */
  readonly maxHeaderBytes: number
}

/** More would wait so long that their clients give up. */
const waitingPerConnection = 8

/** Makes the way to the API server. It connects when there is something to send. */
export function createUpstream(options: UpstreamOptions): Upstream {
  let access = options.access
  let authority = new URL(access.server).host
  let pools = new Map<string, ConnectionPool>()
  const closing = new Set<Promise<void>>()

  function poolFor({ transport, lane }: UpstreamRequest): ConnectionPool {
    const key = `${transport} ${lane}`
    const existing = pools.get(key)
    if (existing) return existing
    // A long request never waits: nobody knows when the ones before it will end.
    const maxWaiting = lane === 'long' ? 0 : options.maxConnections * waitingPerConnection
    const single = createConnectionPool(access, transport, { ...options, maxWaiting })
    const pool =
      lane === 'long' ? createSharedConnections(access, transport, options, single) : single
    pools.set(key, pool)
    return pool
  }

  function retire(): void {
    for (const pool of pools.values()) {
      const closed = pool.close().finally(() => closing.delete(closed))
      closing.add(closed)
    }
    pools = new Map()
  }

  return {
    access: () => access,
    authority: () => authority,
    send: (request, receiver) => poolFor(request).send(request, receiver),
    dial: (request, signal) => dial(access, request, { signal, ...options }),
    replace(next) {
      if (isSameAccess(access, next)) return
      access = next
      authority = new URL(next.server).host
      retire()
    },
    async close() {
      retire()
      await Promise.all(closing)
    },
  }
}
