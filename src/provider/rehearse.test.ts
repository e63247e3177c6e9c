import { expect, test } from 'vitest'
import { testSystem } from '../../test/world/system.ts'
import { rehearseRedemption } from './rehearse.ts'

test('rehearseRedemption() gets as far as real tokens do: it is asked what time it is when they are verified', async () => {
  const { system } = testSystem()
  let asked = 0
  const clock = {
    ...system.clock,
    now: () => {
      asked += 1
      return Date.now()
    },
  }
  await rehearseRedemption({ clock })
  expect(asked).toBe(1)
})

test('rehearseRedemption() never fails', async () => {
  const { system } = testSystem()
  const clock = {
    ...system.clock,
    now: () => {
      throw new Error('no time')
    },
  }
  await expect(rehearseRedemption({ clock })).resolves.toBeUndefined()
})
