import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, type Measurement, summarize } from '../../report/index.ts'
import { startGateway } from '../servers/gateway.ts'
import type { Running } from '../servers/running.ts'
import { onStage, type Stage } from '../servers/stage.ts'
import { startStreamServer } from '../servers/stream-server.ts'
import { openWatches } from '../traffic/watch.ts'

const few = 100
const many = 2000

/** How often the gateway is started and left alone: what its heap has grown to by then differs. */
const starts = 7

/** How long the heap of the gateway may take to come to rest. */
const restMs = 3000

/** What the gateway takes when nothing happens: alone, and with watches that are silent. */
export const watches: Measurement = {
  name: 'memory of the gateway, idle and with idle watches',
  goals: ['watch-memory', 'idle-memory'],
  measure: async () => await onStage(measure),
}

async function measure(stage: Stage): Promise<Figure[]> {
  const server = stage.during(await startStreamServer(stage))
  const upstream = {
    port: server.port,
    caFile: stage.caFile,
    tokenFile: stage.write('token', 'a-token'),
  }
  const atRest = async (server: Running): Promise<number> => {
    await sleep(restMs)
    return server.usage().residentBytes
  }
  const idle: number[] = []
  for (let start = 0; start < starts; start += 1) {
    const alone = await startGateway(stage, upstream)
    idle.push((await atRest(alone)) / 1e6)
    await alone.stop()
  }
  const gateway = stage.during(await startGateway(stage, upstream))
  const options = { stage, port: gateway.port, token: await stage.sign() }
  // The first of everything loads code, and lets the heap grow; that is no part of what a watch costs.
  const first = await openWatches({ ...options, count: few })
  const before = await atRest(gateway)
  const rest = await openWatches({ ...options, count: many })
  const after = await atRest(gateway)
  for (const close of [...first, ...rest]) close()
  return [
    {
      kind: 'measured',
      goal: 'watch-memory',
      ours: {
        name: 'gateway',
        unit: 'KB',
        summary: summarize([(after - before) / many / 1024]),
      },
      setting: `From ${few} watches to ${few + many}, each with a connection of its own to the gateway, in front of an API server that speaks HTTP/2.`,
    },
    {
      kind: 'measured',
      goal: 'idle-memory',
      ours: { name: 'gateway', unit: 'MB', summary: summarize(idle) },
      more: [
        {
          name: `gateway with ${few + many} watches`,
          unit: 'MB',
          summary: summarize([after / 1e6]),
        },
      ],
      setting: `${restMs / 1000} seconds after each of ${starts} starts.`,
    },
  ]
}
