import { onPath } from '../../../tools/e2e/on-path.ts'
import { type Nginx, startNginx } from './nginx.ts'
import { type GatewayStage, openStage } from './stage.ts'
import { openWatch, startStreamServer, tunnelBytesPerSecond } from './streams.ts'
import { type Load, load } from './wrk.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const rounds = 3

/** Measures the gateway beside nginx as a plain TLS proxy, both in front of the same nginx. */
export async function benchGateway(): Promise<void> {
  const wrk = onPath(['wrk'])
  const nginx = onPath(['nginx']) ?? onPathOfRoot('nginx')
  const stage = await openStage()
  try {
    if (wrk && nginx) await benchRequests(stage, wrk, nginx)
    else
      console.log(
        'Requests are not measured: nginx and wrk are needed (Debian: apt-get install nginx wrk).',
      )
    await benchStreams(stage)
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

async function benchRequests(stage: GatewayStage, wrk: string, nginxPath: string): Promise<void> {
  const nginx = await startNginx(nginxPath, stage)
  const alone = await stage.startGateway(nginx.upstreamPort)
  const crew = await stage.startGateway(nginx.upstreamPort, 'workers: auto')
  try {
    const [token = ''] = await tokens(stage, 1)
    // More than the cache holds in its ten seconds: each is verified.
    const many = await tokens(stage, 20_000)
    const rows = rowsOf(nginx, alone.port, crew.port, token, many)
    const results = new Map<Row, Load[]>(rows.map((row) => [row, []]))
    for (let round = 0; round < rounds; round += 1) {
      for (const row of rows) {
        results.get(row)?.push(await load({ ...row, wrk, seconds, folder: stage.folder }))
      }
    }
    console.log(`\nGateway, 4 KB answers, TLS on both sides, medians of ${rounds} x ${seconds} s`)
    print(rows, results)
    const idle = await alone.memoryBytes()
    console.log(`memory after the load: ${(idle / 1e6).toFixed(0)} MB`)
  } finally {
    await Promise.all([alone.stop(), crew.stop(), nginx.stop()])
  }
}

function rowsOf(
  nginx: Nginx,
  alone: number,
  crew: number,
  token: string,
  many: readonly string[],
): Row[] {
  const one = [token]
  return [
    { name: 'nginx', port: nginx.proxyPort, tokens: one, connections: 32 },
    { name: 'gateway, cached token', port: alone, tokens: one, connections: 32 },
    { name: 'gateway, cached, workers: auto', port: crew, tokens: one, connections: 32 },
    { name: 'gateway, new token each time', port: alone, tokens: many, connections: 32 },
    { name: 'nginx, 1 connection', port: nginx.proxyPort, tokens: one, connections: 1 },
    { name: 'gateway, 1 connection', port: alone, tokens: one, connections: 1 },
    {
      name: 'nginx, new connections',
      port: nginx.proxyPort,
      tokens: one,
      connections: 16,
      isFresh: true,
    },
    { name: 'gateway, new connections', port: alone, tokens: one, connections: 16, isFresh: true },
  ]
}

function print(rows: readonly Row[], results: ReadonlyMap<Row, readonly Load[]>): void {
  let base = Number.NaN
  for (const row of rows) {
    const loads = results.get(row) ?? []
    const perSecond = median(loads.map(({ requestsPerSecond }) => requestsPerSecond))
    if (row.name.startsWith('nginx')) base = perSecond
    const p50 = median(loads.map(({ p50Ms }) => p50Ms))
    const p99 = median(loads.map(({ p99Ms }) => p99Ms))
    console.log(
      `${row.name.padEnd(32)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(1)} ms  ${(perSecond / base).toFixed(2)} x nginx`,
    )
  }
}

async function benchStreams(stage: GatewayStage): Promise<void> {
  const server = await startStreamServer(stage)
  const gateway = await stage.startGateway(server.port)
  try {
    const [token = ''] = await tokens(stage, 1)
    // The first of everything loads code; it is not part of what a watch costs.
    const warm = await Promise.all(
      Array.from({ length: 50 }, () => openWatch(stage, gateway.port, token)),
    )
    const before = await gateway.memoryBytes()
    const watches = []
    for (let batch = 0; batch < 20; batch += 1) {
      watches.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, () => openWatch(stage, gateway.port, token)),
        )),
      )
    }
    const after = await gateway.memoryBytes()
    console.log(`\nGateway, ${watches.length} idle watches`)
    console.log(
      `memory idle: ${(before / 1e6).toFixed(0)} MB; for each watch: ${((after - before) / watches.length / 1024).toFixed(0)} KB`,
    )
    for (const socket of [...warm, ...watches]) socket.destroy()

    const direct = await tunnelBytesPerSecond(stage, server.port, token, seconds)
    const through = await tunnelBytesPerSecond(stage, gateway.port, token, seconds)
    console.log(
      `exec throughput: ${(through / 1e6).toFixed(0)} MB/s, ${(through / direct).toFixed(2)} x direct`,
    )
  } finally {
    await Promise.all([gateway.stop(), server.stop()])
  }
}

async function tokens(stage: GatewayStage, count: number): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, async () => await stage.sign()))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
