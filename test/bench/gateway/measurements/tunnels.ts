import { type Side, summarize } from '../../report/index.ts'
import { type Contestant, inTurn, type Laps } from '../contest.ts'
import { startGateway } from '../servers/gateway.ts'
import { startPlainProxy } from '../servers/nginx.ts'
import type { Running } from '../servers/running.ts'
import type { Stage } from '../servers/stage.ts'
import { startStreamServer } from '../servers/stream-server.ts'
import { type Flow, tunnel } from '../traffic/tunnel.ts'
import { seconds } from './setting.ts'

/** What a bare tunnel brings through the gateway, through nginx and directly, when its ends do nothing else. */
export async function bareTunnels(stage: Stage, rounds: number): Promise<Side[]> {
  const server = stage.during(await startStreamServer(stage))
  const { caFile } = stage
  const tokenFile = stage.write('token', 'a-token')
  const gateway = stage.during(await startGateway(stage, { port: server.port, caFile, tokenFile }))
  const nginx = stage.during(await startPlainProxy(stage, server.port))
  const johnsFile = stage.write('john', await stage.sign())
  const through = (name: string, running: Running): Contestant<Flow> => ({
    name: `bare tunnel, ${name}`,
    lap: async () => await tunnel(stage, running, johnsFile, seconds),
  })
  const all = [through('gateway', gateway), through('nginx', nginx), through('directly', server)]
  const lapsOf = await inTurn(all, rounds)
  return all.map((one) => ({ ...flows(lapsOf(one)), standsAlone: true }))
}

/** How much came in a second, and what each megabyte took. */
export function flows({ name, laps }: Laps<Flow>): Side {
  return {
    name,
    unit: 'MB/s',
    summary: summarize(laps.map(({ megabytesPerSecond }) => megabytesPerSecond)),
    processorMs: summarize(laps.map(({ processorMs }) => processorMs)),
  }
}
