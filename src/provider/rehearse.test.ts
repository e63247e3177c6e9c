import { expect, test } from 'vitest'
import { testSystem } from '../../test/world/system.ts'
import { rehearseRedemption } from './rehearse.ts'
import { rehearsedKey, rehearsedTokens } from './rehearsed-token.ts'

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

test('a key that is thrown away signs what is rehearsed, for an issuer that cannot exist', () => {
  const [header = '', claims = ''] = String(rehearsedTokens.id_token).split('.')
  expect(parsed(header)).toEqual({ alg: 'RS256' })
  expect(parsed(claims)).toMatchObject({ iss: 'https://rehearsal.invalid', sub: 'rehearsal' })
  expect(Object.keys(rehearsedKey).sort()).toEqual(['alg', 'e', 'kty', 'n', 'use'])
})

function parsed(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}
