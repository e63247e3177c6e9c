import { type Side, summarize } from '../../report/index.ts'
import type { Laps } from '../contest.ts'
import type { Running } from '../servers/running.ts'

/** What one run of a tool that makes requests measured. */
export interface Traffic {
  readonly requests: number
  readonly requestsPerSecond: number
  /** Milliseconds. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** Processor time of the server for each request, in milliseconds. */
  readonly processorMs: number
}

/** How requests are made. */
export interface TrafficOptions {
  /** Who is under load. */
  readonly server: Running
  /** Tokens that are shown in turn, one a request. */
  readonly tokens: readonly string[]
  /** Whether each request has a header line that no other one has. */
  readonly hasOwnLines?: boolean
  readonly connections: number
  readonly seconds: number
  /** Where files may lie. */
  readonly folder: string
}

/** What everybody asks for. */
export const path = '/api/v1/namespaces/default/services'

/** Adds the processor time that a server takes for its requests. */
export async function withProcessor(
  server: Running,
  make: () => Promise<Omit<Traffic, 'processorMs'>>,
): Promise<Traffic> {
  const before = server.usage()
  const traffic = await make()
  const processorMs = (server.usage().processorMs - before.processorMs) / traffic.requests
  return { ...traffic, processorMs }
}

/** The rates that somebody reached. */
export function rates(
  { name, laps }: Laps<Traffic>,
  unit: 'requests/s' | 'connections/s' = 'requests/s',
): Side {
  return {
    name,
    unit,
    summary: summarize(laps.map(({ requestsPerSecond }) => requestsPerSecond)),
    processorMs: summarize(laps.map(({ processorMs }) => processorMs)),
  }
}
