import { expect, test } from 'vitest'
import { type Contestant, inTurn } from './contest.ts'

test('contestants take turns, who begins changes, and the first round is not counted', async () => {
  const order: string[] = []
  const contestant = (name: string): Contestant<number> => ({
    name,
    lap: async () => order.push(name),
  })
  const [nginx, gateway] = [contestant('n'), contestant('g')]
  const lapsOf = await inTurn([nginx, gateway], 2)
  expect(order.join('')).toBe('nggnng')
  expect(lapsOf(nginx)).toEqual({ name: 'n', laps: [4, 5] })
  expect(lapsOf(gateway)).toEqual({ name: 'g', laps: [3, 6] })
})

test('who fails ends the measurement', async () => {
  const broken: Contestant<number> = { name: 'b', lap: async () => Promise.reject(new Error('no')) }
  await expect(inTurn([broken], 1)).rejects.toThrow('no')
})
