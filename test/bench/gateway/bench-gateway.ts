import { onPath } from '../../../tools/e2e/on-path.ts'
import {
  CannotMeasure,
  type Figure,
  type Measurement,
  programVersion,
  type Say,
  type Side,
  summarize,
} from '../report/index.ts'
import { type Nginx, startNginx } from './nginx.ts'
import { type GatewayStage, openStage } from './stage.ts'
import { openWatch, startStreamServer, tunnelBytesPerSecond } from './streams.ts'
import { type Load, load } from './wrk.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const rounds = 3
const setting = `${rounds} rounds of ${seconds} s.`

/** What is measured of the gateway. */
export const gatewayMeasurements: readonly Measurement[] = [
  {
    name: 'requests through the gateway beside nginx as a plain TLS proxy',
    goals: ['requests-nginx', 'added-latency', 'new-connections'],
    async measure(say) {
      const wrk = onPath(['wrk'])
      const nginx = onPath(['nginx']) ?? onPathOfRoot('nginx')
      if (!wrk || !nginx) {
        throw new CannotMeasure('needs nginx and wrk (Debian: apt-get install nginx wrk)')
      }
      return await onStage(async (stage) => await benchRequests(stage, wrk, nginx, say))
    },
  },
  {
    name: 'watches and tunnels through the gateway',
    goals: ['watch-memory', 'exec-throughput', 'idle-memory'],
    measure: async (say) => await onStage(async (stage) => await benchStreams(stage, say)),
  },
]

async function onStage(
  bench: (stage: GatewayStage) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const stage = await openStage()
  try {
    return await bench(stage)
  } finally {
    await stage.stop()
  }
}

/** Debian keeps servers where only root looks. */
function onPathOfRoot(name: string): string | undefined {
  return onPath([`../sbin/${name}`])
}

interface Row {
  readonly name: string
  readonly port: number
  readonly tokens: readonly string[]
  readonly connections: number
  readonly isFresh?: boolean
}

async function benchRequests(
  stage: GatewayStage,
  wrk: string,
  nginxPath: string,
  say: Say,
): Promise<Figure[]> {
  const nginx = await startNginx(nginxPath, stage)
  const alone = await stage.startGateway(nginx.upstreamPort)
  const crew = await stage.startGateway(nginx.upstreamPort, 'workers: auto')
  try {
    const [token = ''] = await tokens(stage, 1)
    // More than the cache holds in its ten seconds: each is verified.
    const many = await tokens(stage, 20_000)
    const rows = rowsOf(nginx, alone.port, crew.port, token, many)
    const loads = Object.fromEntries(Object.keys(rows).map((name) => [name, [] as Load[]]))
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}`)
      for (const [key, row] of Object.entries(rows)) {
        loads[key]?.push(await load({ ...row, wrk, seconds, folder: stage.folder }))
      }
    }
    const programs = [
      programVersion('nginx', nginxPath, ['-v'], /[\d.]+$/m),
      programVersion('wrk', wrk, ['--version']),
    ]
    return requestFigures(rows, loads).map((figure) => ({ ...figure, programs }))
  } finally {
    await Promise.all([alone.stop(), crew.stop(), nginx.stop()])
  }
}

type RowName =
  | 'nginx'
  | 'cached'
  | 'crew'
  | 'verified'
  | 'direct1'
  | 'nginx1'
  | 'cached1'
  | 'nginxFresh'
  | 'cachedFresh'

function rowsOf(
  nginx: Nginx,
  alone: number,
  crew: number,
  token: string,
  many: readonly string[],
): Readonly<Record<RowName, Row>> {
  const cached = { tokens: [token], connections: 32 }
  const single = { tokens: [token], connections: 1 }
  const fresh = { tokens: [token], connections: 16, isFresh: true }
  return {
    nginx: { name: 'nginx', port: nginx.proxyPort, ...cached },
    cached: { name: 'gateway', port: alone, ...cached },
    crew: { name: 'gateway, workers: auto', port: crew, ...cached },
    verified: { name: 'gateway, new token each time', port: alone, ...cached, tokens: many },
    direct1: { name: 'direct', port: nginx.upstreamPort, ...single },
    nginx1: { name: 'nginx', port: nginx.proxyPort, ...single },
    cached1: { name: 'gateway', port: alone, ...single },
    nginxFresh: { name: 'nginx', port: nginx.proxyPort, ...fresh },
    cachedFresh: { name: 'gateway', port: alone, ...fresh },
  }
}

function requestFigures(
  rows: Readonly<Record<RowName, Row>>,
  loads: Readonly<Record<string, readonly Load[]>>,
): Extract<Figure, { kind: 'measured' }>[] {
  const rate = (name: RowName, unit: Side['unit']): Side => ({
    name: rows[name].name,
    unit,
    summary: summarize((loads[name] ?? []).map(({ requestsPerSecond }) => requestsPerSecond)),
  })
  const p50 = (name: RowName): number[] => (loads[name] ?? []).map(({ p50Ms }) => p50Ms)
  const direct = p50('direct1')
  const added = (name: RowName): Side => ({
    name: `added by ${rows[name].name}`,
    unit: 'ms',
    summary: summarize(p50(name).map((ms, round) => ms - (direct[round] ?? Number.NaN))),
  })
  const p50Side = (name: RowName): Side => ({
    name: `p50 of ${rows[name].name}`,
    unit: 'ms',
    summary: summarize(p50(name)),
  })
  return [
    {
      kind: 'measured',
      goal: 'requests-nginx',
      ours: rate('cached', 'requests/s'),
      rival: rate('nginx', 'requests/s'),
      more: [
        rate('crew', 'requests/s'),
        rate('verified', 'requests/s'),
        p50Side('cached'),
        p50Side('nginx'),
      ],
      setting,
    },
    {
      kind: 'measured',
      goal: 'added-latency',
      ours: added('cached1'),
      rival: added('nginx1'),
      more: [{ ...p50Side('direct1'), standsAlone: true }],
      setting,
    },
    {
      kind: 'measured',
      goal: 'new-connections',
      ours: rate('cachedFresh', 'connections/s'),
      rival: rate('nginxFresh', 'connections/s'),
      setting,
    },
  ]
}

async function benchStreams(stage: GatewayStage, say: Say): Promise<Figure[]> {
  const server = await startStreamServer(stage)
  const gateway = await stage.startGateway(server.port)
  try {
    const idle = await gateway.memoryBytes()
    const [token = ''] = await tokens(stage, 1)
    // The first of everything loads code; it is not part of what a watch costs.
    const warm = await openWatches(stage, gateway.port, token, 50)
    const before = await gateway.memoryBytes()
    const watches = []
    for (let batch = 0; batch < 20; batch += 1) {
      watches.push(...(await openWatches(stage, gateway.port, token, 50)))
    }
    const after = await gateway.memoryBytes()
    for (const socket of [...warm, ...watches]) socket.destroy()
    const direct = []
    const through = []
    for (let round = 0; round < rounds; round += 1) {
      say(`tunnel, round ${round + 1} of ${rounds}`)
      direct.push((await tunnelBytesPerSecond(stage, server.port, token, seconds)) / 1e6)
      through.push((await tunnelBytesPerSecond(stage, gateway.port, token, seconds)) / 1e6)
    }
    const perWatch = (after - before) / watches.length / 1024
    return [
      {
        kind: 'measured',
        goal: 'watch-memory',
        ours: { name: 'gateway', unit: 'KB', summary: summarize([perWatch]) },
        setting: `${watches.length} watches.`,
      },
      {
        kind: 'measured',
        goal: 'exec-throughput',
        ours: { name: 'gateway', unit: 'MB/s', summary: summarize(through) },
        rival: { name: 'direct', unit: 'MB/s', summary: summarize(direct) },
        setting,
      },
      {
        kind: 'measured',
        goal: 'idle-memory',
        ours: { name: 'gateway', unit: 'MB', summary: summarize([idle / 1e6]) },
      },
    ]
  } finally {
    await Promise.all([gateway.stop(), server.stop()])
  }
}

async function openWatches(stage: GatewayStage, port: number, token: string, count: number) {
  return await Promise.all(
    Array.from({ length: count }, async () => await openWatch(stage, port, token)),
  )
}

async function tokens(stage: GatewayStage, count: number): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, async () => await stage.sign()))
}
