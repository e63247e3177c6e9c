import { expect, test } from 'vitest'
import { type Contestant, inTurn } from './contest.ts'

test('contestants take turns, who begins changes, and the first four rounds are not counted', async () => {
  const order: string[] = []
  const contestant = (name: string): Contestant<number> => ({
    name,
    lap: async () => order.push(name),
  })
  const [nginx, gateway] = [contestant('n'), contestant('g')]
  const lapsOf = await inTurn([nginx, gateway], 2)
  expect(order.join('')).toBe('nggnnggnnggn')
  expect(lapsOf(nginx)).toEqual({ name: 'n', laps: [9, 12] })
  expect(lapsOf(gateway)).toEqual({ name: 'g', laps: [10, 11] })
})

test('who fails ends the measurement', async () => {
  const broken: Contestant<number> = { name: 'b', lap: async () => Promise.reject(new Error('no')) }
  await expect(inTurn([broken], 1)).rejects.toThrow('no')
})
