import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A replica, as a Service of Kubernetes knows it. */
export interface Backend {
  readonly port: number
  /** Whether `/readyz` says yes at this moment. */
  isReady(): Promise<boolean>
}

/** Spreads TCP connections over replicas, as kube-proxy does. */
export interface Balancer {
  /** TCP port of 127.0.0.1. */
  readonly port: number
  /** From now on the replica is among them as long as it is ready. */
  add(backend: Backend): Promise<void>
  stop(): void
}

/** Between two probes, as a readiness probe with `periodSeconds: 1` and `failureThreshold: 1`. */
const periodMs = 1_000
/** How long it takes until all nodes know what a probe has found. */
const lagMs = 500

/**
 * Starts a balancer. A replica that is not ready gets no new connection after a while; those that it has are
 * left to it. A connection that a replica does not take is refused, because kube-proxy tries no other.
 */
export async function startBalancer(): Promise<Balancer> {
  const inService = new Set<Backend>()
  const sockets = new Set<Socket>()
  const stopped = new AbortController()
  let turn = 0

  async function watch(backend: Backend): Promise<void> {
    while (!stopped.signal.aborted) {
      await sleep(periodMs, undefined, { signal: stopped.signal })
      const isReady = await backend.isReady().catch(() => false)
      await sleep(lagMs, undefined, { signal: stopped.signal })
      if (isReady) inService.add(backend)
      else inService.delete(backend)
    }
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const backends = [...inService]
    const backend = backends[turn % Math.max(backends.length, 1)]
    turn += 1
    if (backend === undefined) return void client.destroy()
    join(client, connect({ host: '127.0.0.1', port: backend.port, allowHalfOpen: true }))
  })

  function join(client: Socket, replica: Socket): void {
    for (const [one, other] of [
      [client, replica],
      [replica, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.resetAndDestroy())
      one.once('close', () => sockets.delete(one))
      one.pipe(other)
    }
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    async add(backend) {
      while (!(await backend.isReady().catch(() => false))) await sleep(50)
      inService.add(backend)
      watch(backend).catch(() => undefined)
    },
    stop() {
      stopped.abort()
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
