import { expect, test } from 'vitest'
import { type Costs, type Demand, limitsOf, watchesOfPod, workOf } from './capacity.ts'

const kib = 1024
const server = {
  requestMs: 0.5,
  connectionMs: 2,
  openWatchMs: 3,
  watchBytes: 64 * kib,
  idleBytes: 64 * kib * kib,
}
const costs: Costs = { gateway: server, apiServer: server, eventMs: 0.1, watchMsPerMinute: 0.6 }
const demand: Demand = {
  commands: 100,
  requests: 1000,
  watches: 60_000,
  watchSeconds: 600,
  events: 1000,
}

test('work is what things cost, as often as they are wanted', () => {
  expect(workOf(costs, demand).map(({ perSecond, processors }) => [perSecond, processors])).toEqual(
    [
      [100, 0.2],
      [1000, 0.5],
      [100, expect.closeTo(0.3)],
      [1000, 0.1],
      [60_000, expect.closeTo(0.6)],
    ],
  )
})

test('each limit says how many pods it takes', () => {
  // 448 MiB of 64 KiB each.
  expect(watchesOfPod(costs)).toBe(7168)
  expect(limitsOf(costs, demand).map(({ what, pods }) => [what, pods])).toEqual([
    ['processor', 4],
    ['memory', 9],
    ['ports to the one address of the API server', 1],
    // With four pods 15000 watches are lost, which are 45 s of work; three others have 15 s each to spare.
    ['watches of a lost pod, open again in 30 seconds', 4],
  ])
})
