import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { itemsAt, type Json, numberAt, textAt, textPairsAt } from '../world/api/json.ts'
import type { Cluster } from './cluster.ts'
import { followList } from './follow-list.ts'

/** Which port of which Service. */
export interface ServicePort {
  readonly namespace: string
  readonly service: string
  /** Name of the port. */
  readonly port: string
}

/** A door to a Service. */
export interface ServiceProxy {
  /** TCP port of 127.0.0.1. */
  readonly port: number
  stop(): Promise<void>
}

interface Endpoint {
  readonly host: string
  readonly port: number
}

/**
 * Brings each connection to a pod of a Service that is ready, one after the other, as a small load
 * balancer does. Connections that are under way stay where they are.
 *
 * @param listenPort TCP port; a free one by default
 */
export async function startServiceProxy(
  { api }: Cluster,
  { namespace, service, port: name }: ServicePort,
  listenPort = 0,
): Promise<ServiceProxy> {
  const below = `/api/v1/namespaces/${namespace}`
  const object = await api.get(`${below}/services/${service}`)
  const selector = textPairsAt(object, 'spec.selector').map(([key, value]) => `${key}=${value}`)
  const port = itemsAt(object, 'spec.ports').find((each) => textAt(each, 'name') === name)
  const target = textAt(port, 'targetPort')
  let endpoints: readonly Endpoint[] = []
  let turn = 0
  const pods = `${below}/pods?labelSelector=${encodeURIComponent(selector.join(','))}`
  const list = followList(api, pods, (objects) => {
    endpoints = objects.filter(isReady).map((pod) => endpointOf(pod, target))
  })
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    turn += 1
    const endpoint = endpoints[turn % endpoints.length]
    if (endpoint === undefined) {
      client.destroy()
      return
    }
    const pod = connect(endpoint)
    for (const [from, to] of [
      [client, pod],
      [pod, client],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((done) => server.listen(listenPort, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      list.stop()
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

function isReady(pod: Json): boolean {
  return (
    textAt(pod, 'metadata.deletionTimestamp') === '' &&
    itemsAt(pod, 'status.conditions').some(
      (each) => textAt(each, 'type') === 'Ready' && textAt(each, 'status') === 'True',
    )
  )
}

/** @param port number of a port, or its name in a container */
function endpointOf(pod: Json, port: string): Endpoint {
  const named = itemsAt(pod, 'spec.containers')
    .flatMap((container) => itemsAt(container, 'ports'))
    .find((each) => textAt(each, 'name') === port)
  return {
    host: textAt(pod, 'status.podIP'),
    port: numberAt(named, 'containerPort') || Number(port),
  }
}
