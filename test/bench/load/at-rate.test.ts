import { expect, test } from 'vitest'
import { atRate, percentile } from './at-rate.ts'

test('what is done at a rate is counted, and so is what goes wrong', async () => {
  const tally = await atRate(10_000, 6, async (index) => {
    if (index % 3 === 0) throw new Error('answered with 503')
  })
  expect(tally.latenciesMs).toHaveLength(4)
  expect([...tally.errors]).toEqual([['answered with 503', 2]])
})

test('nobody waits for an answer before the next is due', async () => {
  let answer: () => void = () => undefined
  const last = new Promise<void>((done) => {
    answer = done
  })
  const begun: number[] = []
  await atRate(10_000, 3, async (index) => {
    begun.push(index)
    if (index === 2) answer()
    await last
  })
  expect(begun).toEqual([0, 1, 2])
})

test('a percentile is a latency that was seen', () => {
  const tally = { latenciesMs: [1, 2, 3, 4], errors: new Map(), perSecond: 1, lateMs: 0 }
  expect(percentile(tally, 0.5)).toBe(2)
  expect(percentile(tally, 0.99)).toBe(4)
  expect(percentile({ ...tally, latenciesMs: [] }, 0.5)).toBeNaN()
})
