import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenWatch } from './ask.ts'
import type { Tally } from './at-rate.ts'
import { createDriver, type Driver } from './drive.ts'
import type { LoadFigures, Phase, Together, Watches } from './figures.ts'
import { type Meter, metered } from './meter.ts'
import type { LoadPlan } from './plan.ts'
import type { Target } from './target.ts'

/** In this time compilers and caches get warm, in milliseconds. */
const warmUpMs = 4000

/** The first watches load code and let the heap grow, which is no part of what a watch costs. */
const firstWatches = 50

/** Before memory is looked at, in milliseconds. */
const restMs = 6000

/** Says how a run is going. */
export type Say = (text: string) => void

/** Puts the load of a plan on a gateway, phase by phase. */
export async function runLoad(target: Target, plan: LoadPlan, say: Say): Promise<LoadFigures> {
  const { meters } = target
  const { requestsPerSecond, connectionsPerSecond, watches, durationMs } = plan
  const driver = createDriver(target, plan)
  await sleep(restMs)
  const idleBytes = meters.map(({ name, usage }) => ({ name, amount: usage().residentBytes }))
  say('warming up')
  refuseIfNothingWorks(await Promise.all([driver.requests(warmUpMs), driver.connections(warmUpMs)]))
  say(`requests, ${requestsPerSecond}/s`)
  const requests = await phase(meters, requestsPerSecond, () => driver.requests(durationMs))
  say(`new connections, ${connectionsPerSecond}/s`)
  const connections = await phase(meters, connectionsPerSecond, () =>
    driver.connections(durationMs),
  )
  say(`${watches} watches, ${plan.opensPerSecond}/s`)
  const held = await holdWatches(driver, meters, plan)
  say('all together')
  const together = await allTogether(driver, meters, plan)
  for (const { close } of held.open) close()
  driver.close()
  return { idleBytes, requests, connections, watches: held.figures, together }
}

/** @throws Error with what went wrong, when nothing went well */
function refuseIfNothingWorks(tallies: readonly Tally[]): void {
  const [error] = tallies.flatMap(({ errors }) => [...errors.keys()])
  const isAllLost = tallies.every(({ latenciesMs }) => latenciesMs.length === 0)
  if (isAllLost && error !== undefined) throw new Error(`The gateway does not answer: ${error}.`)
}

async function phase(
  meters: readonly Meter[],
  wanted: number,
  act: () => Promise<Tally>,
): Promise<Phase> {
  const { result: tally, taken } = await metered(meters, act)
  return { wanted, tally, processorMs: taken('processorMs', tally.latenciesMs.length) }
}

async function holdWatches(
  driver: Driver,
  meters: readonly Meter[],
  { watches: count, opensPerSecond, durationMs }: LoadPlan,
): Promise<{ readonly figures: Watches; readonly open: readonly OpenWatch[] }> {
  const first = await driver.watches(Math.min(count, firstWatches))
  await sleep(restMs)
  const opened = await metered(meters, async () => {
    const opening = await metered(meters, () => driver.watches(count))
    await sleep(restMs)
    return opening
  })
  const {
    result: { tally, open },
    taken,
  } = opened.result
  const eventsSoFar = (): number => open.reduce((sum, { events }) => sum + events(), 0)
  const eventsBefore = eventsSoFar()
  const held = await metered(meters, () => sleep(durationMs))
  for (const { close } of first.open) close()
  const minutes = durationMs / 60_000
  return {
    open,
    figures: {
      count: open.length,
      opening: { wanted: opensPerSecond, tally, processorMs: taken('processorMs', open.length) },
      bytes: opened.taken('residentBytes', open.length),
      processorMsPerMinute: held.taken('processorMs', open.length * minutes),
      events: eventsSoFar() - eventsBefore,
    },
  }
}

async function allTogether(
  driver: Driver,
  meters: readonly Meter[],
  { requestsPerSecond, connectionsPerSecond, durationMs }: LoadPlan,
): Promise<Together> {
  const { result, taken } = await metered(meters, async () =>
    Promise.all([driver.requests(durationMs), driver.connections(durationMs)]),
  )
  const [requests, connections] = result
  return {
    requests: { wanted: requestsPerSecond, tally: requests },
    connections: { wanted: connectionsPerSecond, tally: connections },
    processors: taken('processorMs', durationMs),
  }
}
