import { CannotMeasure, type Figure, type Measurement, type Side } from '../../report/index.ts'
import { type Contestant, inTurn } from '../contest.ts'
import { kubeOidcProxyPath, kubeOidcProxyProgram } from '../servers/kube-oidc-proxy.ts'
import { nginxProgram } from '../servers/nginx.ts'
import type { Running } from '../servers/running.ts'
import { onStage, type Stage } from '../servers/stage.ts'
import { findHey, hey, heyProgram } from '../traffic/hey.ts'
import { rates, type Traffic } from '../traffic/traffic.ts'
import { warmUp } from '../traffic/warm-up.ts'
import { startAnswered } from './answered.ts'
import { rounds, seconds } from './setting.ts'

const connections = 16

/** Connections that carry one request each. */
export const newConnections: Measurement = {
  name: 'new connections/s of the gateway, nginx and kube-oidc-proxy',
  goals: ['new-connections'],
  measure: async () => {
    const program = findHey()
    if (program === undefined) throw new CannotMeasure('needs Go, which builds hey, or HEY=/path')
    return await onStage(async (stage) => await measure(stage, program))
  },
}

async function measure(stage: Stage, program: string): Promise<Figure[]> {
  const { answering, plainProxy, gateway, startCrew, startRival } = await startAnswered(stage)
  const tokens = [await stage.sign()]
  const { folder } = stage
  const against = (name: string, server: Running): Contestant<Traffic> => ({
    name,
    lap: async () => await hey(program, { server, tokens, connections, seconds, folder }),
  })
  const crew = await startCrew()
  for (const server of [crew, gateway]) await warmUp({ server, tokens: tokens, folder: folder })
  const ours = against('gateway', gateway)
  const nginx = against('nginx', plainProxy)
  const others = [
    against('gateway, a worker a core', crew),
    against('directly', answering),
    ...(kubeOidcProxyPath ? [against('kube-oidc-proxy', await startRival())] : []),
  ]
  const lapsOf = await inTurn([ours, nginx, ...others], rounds)
  const side = (one: Contestant<Traffic>): Side => rates(lapsOf(one), 'connections/s')
  return [
    {
      kind: 'measured',
      goal: 'new-connections',
      ours: side(ours),
      rival: side(nginx),
      more: others.map(side),
      setting: `${rounds} rounds of ${seconds} seconds, ${connections} at a time. nginx has a worker a core; the gateway is one process, as it is installed. Processor time is for one connection with its request.`,
      programs: [nginxProgram(), heyProgram(), ...kubeOidcProxyProgram()],
    },
  ]
}
