import { type Figure, type Measurement, type Side, summarize } from '../../report/index.ts'
import { type Contestant, inTurn } from '../contest.ts'
import { nginxProgram } from '../servers/nginx.ts'
import type { Running } from '../servers/running.ts'
import { onStage, type Stage } from '../servers/stage.ts'
import type { Traffic } from '../traffic/traffic.ts'
import { warmUp } from '../traffic/warm-up.ts'
import { wrk, wrkProgram } from '../traffic/wrk.ts'
import { startAnswered } from './answered.ts'
import { rounds, seconds } from './setting.ts'

/** What the gateway and nginx add to the time that a lonely request takes. */
export const addedLatency: Measurement = {
  name: 'p50 that the gateway and nginx add to one request at a time',
  goals: ['added-latency'],
  measure: async () => await onStage(measure),
}

async function measure(stage: Stage): Promise<Figure[]> {
  const { answering, plainProxy, gateway } = await startAnswered(stage)
  const tokens = [await stage.sign()]
  const { folder } = stage
  await warmUp({ server: gateway, tokens, folder })
  const against = (name: string, server: Running): Contestant<Traffic> => ({
    name,
    lap: async () => await wrk({ server, tokens, connections: 1, seconds, folder }),
  })
  const direct = against('directly', answering)
  const nginx = against('nginx', plainProxy)
  const ours = against('gateway', gateway)
  const lapsOf = await inTurn([direct, nginx, ours], rounds)
  const p50s = (one: Contestant<Traffic>): readonly number[] =>
    lapsOf(one).laps.map(({ p50Ms }) => p50Ms)
  const side = (name: string, values: readonly number[]): Side => ({
    name,
    unit: 'ms',
    summary: summarize(values),
  })
  // In each round the same neighbours were on the machine.
  const added = (one: Contestant<Traffic>): readonly number[] =>
    p50s(one).map((p50, round) => p50 - (p50s(direct)[round] ?? Number.NaN))
  return [
    {
      kind: 'measured',
      goal: 'added-latency',
      ours: side('gateway, added', added(ours)),
      rival: side('nginx, added', added(nginx)),
      more: [direct, nginx, ours].map((one) => side(`${one.name}, p50`, p50s(one))),
      setting: `${rounds} rounds of ${seconds} seconds.`,
      programs: [nginxProgram(), wrkProgram()],
    },
  ]
}
