import type { LoadFigures, Taken } from './figures.ts'
import { grouped, round } from './numbers.ts'

/** What things cost, from a run of the load generator. Times in milliseconds, sizes in bytes. */
export interface Costs {
  readonly gateway: ServerCosts
  /** Of the kube-apiserver behind it. */
  readonly apiServer: ServerCosts
  /** Processor time of the gateway for an event of a watch. */
  readonly eventMs: number
  /** Processor time of the gateway for a silent watch in a minute. */
  readonly watchMsPerMinute: number
}

/** What a server takes for things of one kind. */
export interface ServerCosts {
  readonly requestMs: number
  readonly connectionMs: number
  readonly openWatchMs: number
  readonly watchBytes: number
  readonly idleBytes: number
}

/** The runs from which costs are read. */
export interface Runs {
  /** Before a stand-in for an API server, with watches that are silent. */
  readonly silent: LoadFigures
  /** The same with watches that tell something. */
  readonly telling: LoadFigures
  /** Before a real kube-apiserver. */
  readonly real: LoadFigures
}

/** Reads them. */
export function costsOf({ silent, telling, real }: Runs, durationMs: number): Costs {
  const minutes = durationMs / 60_000
  const perMinute = ({ watches }: LoadFigures): number =>
    amountOf('gateway', watches.processorMsPerMinute)
  const eventsPerMinute = telling.watches.events / telling.watches.count / minutes
  const watchMsPerMinute = perMinute(silent)
  return {
    gateway: serverCosts('gateway', silent),
    apiServer: serverCosts('kube-apiserver', real),
    watchMsPerMinute,
    eventMs: Math.max(0, perMinute(telling) - watchMsPerMinute) / eventsPerMinute,
  }
}

function serverCosts(
  name: string,
  { idleBytes, requests, connections, watches }: LoadFigures,
): ServerCosts {
  return {
    requestMs: amountOf(name, requests.processorMs),
    connectionMs: amountOf(name, connections.processorMs),
    openWatchMs: amountOf(name, watches.opening.processorMs),
    watchBytes: amountOf(name, watches.bytes),
    idleBytes: amountOf(name, idleBytes),
  }
}

function amountOf(name: string, all: readonly Taken[]): number {
  const found = all.find((one) => one.name === name)
  if (found === undefined) throw new Error(`nothing was measured of ${name}`)
  return found.amount
}

/** What people and their programs want, at the busiest time. */
export interface Demand {
  /** `kubectl` commands a second, each with a connection of its own. */
  readonly commands: number
  /** Requests a second on connections that stay. */
  readonly requests: number
  readonly watches: number
  /** How long a watch lasts until it is opened again, in seconds. */
  readonly watchSeconds: number
  /** Events a second over all watches. */
  readonly events: number
}

/** One kind of work, and the processors that are busy with it. */
export interface Work {
  readonly what: string
  readonly perSecond: number
  readonly processors: number
}

/** How much work a demand is for the gateway. */
export function workOf(costs: Costs, demand: Demand): Work[] {
  const { gateway, eventMs, watchMsPerMinute } = costs
  const work = (what: string, perSecond: number, ms: number): Work => ({
    what,
    perSecond,
    processors: (perSecond * ms) / 1000,
  })
  return [
    work('`kubectl` commands', demand.commands, gateway.connectionMs),
    work('requests on connections that stay', demand.requests, gateway.requestMs),
    work(
      'watches that are opened again',
      demand.watches / demand.watchSeconds,
      gateway.openWatchMs,
    ),
    work('events of watches', demand.events, eventMs),
    work('watches that are held', demand.watches, watchMsPerMinute / 60),
  ]
}

/** What one pod bears, and what that makes of a demand. */
export interface Limit {
  readonly what: string
  /** How much of it one pod bears, in words. */
  readonly ofOnePod: string
  readonly pods: number
}

/** Half a processor and half a gibibyte: what the installed autoscaler aims at. */
export const podTarget = { processors: 0.5, bytes: 512 * 2 ** 20 } as const

/** Ports from which Linux opens connections to one address and port (`ip_local_port_range`). */
export const localPorts = 60_999 - 32_768 + 1

/** So many watches share a connection to an API server that speaks HTTP/2. */
export const watchesOfConnection = 100

/** In so many seconds the watches of a pod that is lost shall be open again. */
export const reopenSeconds = 30

/** How many watches one pod holds within its memory. */
export function watchesOfPod({ gateway }: Costs): number {
  return Math.floor((podTarget.bytes - gateway.idleBytes) / gateway.watchBytes)
}

/** Which limits a demand meets, and how many pods each of them takes. */
export function limitsOf(costs: Costs, demand: Demand): Limit[] {
  const processors = workOf(costs, demand).reduce((sum, one) => sum + one.processors, 0)
  const inMemory = watchesOfPod(costs)
  // The others take over what one had, beside their own work, with what is left of a core each.
  const spareMs = (1 - podTarget.processors) * reopenSeconds * 1000
  const lost = (pods: number): number => demand.watches / pods
  const reopens = (pods: number): boolean =>
    lost(pods) * costs.gateway.openWatchMs <= spareMs * (pods - 1)
  let pods = 2
  while (!reopens(pods)) pods += 1
  return [
    {
      what: 'processor',
      ofOnePod: `${podTarget.processors} cores`,
      pods: Math.ceil(processors / podTarget.processors),
    },
    {
      what: 'memory',
      ofOnePod: `${grouped(inMemory)} watches in ${podTarget.bytes / 2 ** 20} MiB`,
      pods: Math.ceil(demand.watches / inMemory),
    },
    {
      what: 'ports to the one address of the API server',
      ofOnePod: `${round(localPorts * watchesOfConnection)} watches`,
      pods: Math.ceil(demand.watches / localPorts / watchesOfConnection),
    },
    {
      what: `watches of a lost pod, open again in ${reopenSeconds} seconds`,
      ofOnePod: `${round(spareMs / costs.gateway.openWatchMs)} taken over`,
      pods,
    },
  ]
}
