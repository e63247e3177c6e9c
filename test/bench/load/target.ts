import { readFileSync } from 'node:fs'
import { usageOf } from '../gateway/processes.ts'
import { startGateway, type Upstream } from '../gateway/servers/gateway.ts'
import { startRealApiServer } from '../gateway/servers/real-api-server.ts'
import type { Running } from '../gateway/servers/running.ts'
import type { Stage } from '../gateway/servers/stage.ts'
import { startStreamServer } from '../gateway/servers/stream-server.ts'
import type { Meter } from './meter.ts'
import type { LoadPlan, TargetPlan } from './plan.ts'

/** A gateway to which things are done. */
export interface Target {
  /** Host name, without brackets, and TCP port. */
  readonly host: string
  readonly port: number
  /** Certificates of its authority, PEM; those of the computer when there are none. */
  readonly ca?: string
  /** One for each user. */
  readonly tokens: readonly string[]
  /** Whose use of this computer is measured, the gateway first. */
  readonly meters: readonly Meter[]
}

/** Starts what the plan wants to be started. */
export async function openTarget(stage: Stage, plan: LoadPlan): Promise<Target> {
  return plan.target.kind === 'running'
    ? runningTarget(plan.target)
    : await localTarget(stage, plan, plan.target)
}

function runningTarget({
  url,
  caFile,
  tokenFile,
  pid,
}: Extract<TargetPlan, { kind: 'running' }>): Target {
  const tokens = readFileSync(tokenFile, 'utf8').split('\n').filter(Boolean)
  if (tokens.length === 0) throw new Error(`${tokenFile} has no token.`)
  if (pid !== undefined && usageOf(pid).residentBytes === 0) {
    throw new Error(`There is no process ${pid} here.`)
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 443),
    tokens,
    meters: pid === undefined ? [] : [{ name: 'gateway', usage: () => usageOf(pid) }],
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
  }
}

async function localTarget(
  stage: Stage,
  { users, eventSeconds }: LoadPlan,
  { apiServer, workers }: Extract<TargetPlan, { kind: 'local' }>,
): Promise<Target> {
  const behind = apiServer === 'stand-in' ? await standIn(stage, eventSeconds) : await real(stage)
  const gateway = stage.during(await startGateway(stage, behind.upstream, `workers: ${workers}`))
  const names = Array.from({ length: users }, (_, index) => `user-${index}`)
  return {
    host: 'localhost',
    port: gateway.port,
    ca: stage.caPem,
    tokens: await Promise.all(names.map(stage.sign)),
    meters: [
      { name: 'gateway', usage: gateway.usage },
      ...behind.servers.map(({ usage }) => ({ name: apiServer, usage })),
    ],
  }
}

/** An API server, and whether what it takes is of interest. */
interface Behind {
  readonly upstream: Upstream
  readonly servers: readonly Running[]
}

async function standIn(stage: Stage, eventSeconds: number): Promise<Behind> {
  const { port } = stage.during(await startStreamServer(stage, eventSeconds))
  const upstream = { port, caFile: stage.caFile, tokenFile: stage.write('token', 'a-token') }
  return { upstream, servers: [] }
}

async function real(stage: Stage): Promise<Behind> {
  const apiServer = await startRealApiServer(stage)
  return { upstream: apiServer.forGateway, servers: [apiServer] }
}
