import type { Figure, Measurement, Side } from '../../report/index.ts'
import { type Contestant, inTurn } from '../contest.ts'
import { startGateway } from '../servers/gateway.ts'
import { startRealApiServer } from '../servers/real-api-server.ts'
import type { Running } from '../servers/running.ts'
import { onStage, type Stage } from '../servers/stage.ts'
import { rates, type Traffic } from '../traffic/traffic.ts'
import { warmUp } from '../traffic/warm-up.ts'
import { neededWrk, wrk, wrkProgram } from '../traffic/wrk.ts'
import { rounds, seconds } from './setting.ts'

const connections = 32

/** The same requests with the same token at a real API server: directly, and through somebody. */
export const realApiServer: Measurement = {
  name: 'requests/s at a real kube-apiserver, directly and through the gateway',
  goals: ['api-server'],
  measure: async () => await onStage(measure),
}

async function measure(stage: Stage): Promise<Figure[]> {
  neededWrk()
  const apiServer = await startRealApiServer(stage)
  const gateway = stage.during(await startGateway(stage, apiServer.forGateway))
  const tokens = [await stage.sign()]
  const { folder } = stage
  const against = (name: string, server: Running): Contestant<Traffic> => ({
    name,
    lap: async () => await wrk({ server, tokens, connections, seconds, folder }),
  })
  const direct = against('directly', apiServer)
  const ours = against('gateway', gateway)
  await warmUp({ server: gateway, tokens, folder })
  const lapsOf = await inTurn([direct, ours], rounds)
  const side = (one: Contestant<Traffic>): Side => rates(lapsOf(one))
  return [
    {
      kind: 'measured',
      goal: 'api-server',
      ours: side(ours),
      rival: side(direct),
      setting: `${rounds} rounds of ${seconds} seconds with ${connections} connections. Processor time is for one request: of the gateway, and of the API server when it is asked directly.`,
      programs: [
        wrkProgram(),
        { name: 'kube-apiserver', version: await versionOf(apiServer.cluster.api) },
      ],
    },
  ]
}

async function versionOf(api: { get(path: string): Promise<unknown> }): Promise<string> {
  return String(Object(await api.get('/version')).gitVersion)
}
