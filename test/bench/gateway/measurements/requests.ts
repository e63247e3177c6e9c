import type { Figure, Measurement, Side } from '../../report/index.ts'
import { type Contestant, inTurn } from '../contest.ts'
import { kubeOidcProxyPath, kubeOidcProxyProgram } from '../servers/kube-oidc-proxy.ts'
import { nginxProgram } from '../servers/nginx.ts'
import type { Running } from '../servers/running.ts'
import { onStage, type Stage } from '../servers/stage.ts'
import { rates, type Traffic, type TrafficOptions } from '../traffic/traffic.ts'
import { warmUp } from '../traffic/warm-up.ts'
import { wrk, wrkProgram } from '../traffic/wrk.ts'
import { startAnswered } from './answered.ts'
import { rounds, seconds } from './setting.ts'

const connections = 32

/** Twice as many as the gateway remembers, shown in turn: each of them is verified. */
const manyTokens = 20_000

/** Requests on connections that stay: through the gateway, through its rivals, and directly. */
export const requests: Measurement = {
  name: 'requests/s of the gateway, nginx and kube-oidc-proxy',
  goals: ['requests-kube-oidc-proxy', 'requests-nginx'],
  measure: async () => await onStage(measure),
}

async function measure(stage: Stage): Promise<Figure[]> {
  const { answering, plainProxy, gateway, startCrew, startRival } = await startAnswered(stage)
  const token = await stage.sign()
  const many = await Promise.all(Array.from({ length: manyTokens }, async () => stage.sign()))
  const against = (
    name: string,
    server: Running,
    more: Partial<TrafficOptions> = {},
  ): Contestant<Traffic> => ({
    name,
    lap: async () => {
      const { folder } = stage
      return await wrk({ server, tokens: [token], connections, seconds, folder, ...more })
    },
  })
  const crew = await startCrew()
  for (const server of [crew, gateway])
    await warmUp({ server, tokens: [token], folder: stage.folder })
  const ours = against('gateway, a worker a core', crew)
  const nginx = against('nginx', plainProxy)
  const others = [
    against('gateway, a worker a core, lines new in each request', crew, { hasOwnLines: true }),
    against('gateway, one process', gateway),
    against('gateway, one process, every token new to it', gateway, { tokens: many }),
    against('directly', answering),
  ]
  const rival = kubeOidcProxyPath && against('kube-oidc-proxy', await startRival())
  const lapsOf = await inTurn([ours, nginx, ...others, ...(rival ? [rival] : [])], rounds)
  const side = (one: Contestant<Traffic>): Side => rates(lapsOf(one))
  const shared = {
    kind: 'measured',
    ours: side(ours),
    setting: `${rounds} rounds of ${seconds} seconds. nginx and the gateway have a worker a core (workers: auto). Processor time is for one request.`,
    programs: [nginxProgram(), wrkProgram(), ...kubeOidcProxyProgram()],
  } as const
  return [
    rival
      ? { ...shared, goal: 'requests-kube-oidc-proxy', rival: side(rival) }
      : lacking('requests-kube-oidc-proxy', 'needs KUBE_OIDC_PROXY=/path'),
    { ...shared, goal: 'requests-nginx', rival: side(nginx), more: others.map(side) },
  ]
}

function lacking(goal: 'requests-kube-oidc-proxy', reason: string): Figure {
  return { kind: 'not measured', goal, reason }
}
