import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseSealed, type Sealed, seal, unseal } from './sealed.ts'

const key = randomBytes(32)
const session = '{"version":1,"issuer":"https://sso.example.com"}'
const text = `a session of 20 kB ${'x'.repeat(20_000)}`

function sealed(): Sealed {
  const parsed = parseSealed(seal(key, text, session))
  if (parsed.kind !== 'sealed') throw new Error(parsed.kind)
  return parsed.sealed
}

test('unseal() returns what seal() was given', () => {
  expect(unseal(key, sealed(), session) === text).toBe(true)
})

test('seal() writes a versioned envelope without the text, never twice the same', () => {
  const envelope: unknown = JSON.parse(seal(key, text, session))
  expect(envelope).toEqual({
    version: 1,
    alg: 'A256GCM',
    session,
    iv: expect.stringMatching(/^[\w-]{16}$/),
    tag: expect.stringMatching(/^[\w-]{22}$/),
    ciphertext: expect.stringMatching(/^[\w-]{20000,}$/),
  })
  expect(seal(key, text, session)).not.toBe(seal(key, text, session))
})

describe('unseal() opens nothing', () => {
  const changed = (part: 'iv' | 'tag' | 'ciphertext') => {
    const one = sealed()
    const bytes = Buffer.from(one[part], 'base64url')
    bytes[0] = (bytes[0] ?? 0) ^ 1
    return { ...one, [part]: bytes.toString('base64url') }
  }
  const attacks: Record<string, () => string | undefined> = {
    'with another key': () => unseal(randomBytes(32), sealed(), session),
    'for another session': () => unseal(key, sealed(), `${session} `),
    'with another tag': () => unseal(key, changed('tag'), session),
    'with another iv': () => unseal(key, changed('iv'), session),
    'with another ciphertext': () => unseal(key, changed('ciphertext'), session),
    'with half of the ciphertext': () =>
      unseal(key, { ...sealed(), ciphertext: sealed().ciphertext.slice(0, 1_000) }, session),
    'with a short tag': () => {
      const one = sealed()
      const short = Buffer.from(one.tag, 'base64url').subarray(0, 4).toString('base64url')
      return unseal(key, { ...one, tag: short }, session)
    },
  }
  test.each(Object.entries(attacks))('%s', (_, attack) => {
    expect(attack()).toBeUndefined()
  })
})

test('parseSealed() tells plain text, damage and newer formats apart', () => {
  const one = sealed()
  expect(parseSealed('')).toEqual({ kind: 'other' })
  expect(parseSealed('{"version":1,"token":"x"}')).toEqual({ kind: 'other' })
  expect(parseSealed('null')).toEqual({ kind: 'other' })
  expect(parseSealed(JSON.stringify({ ...one, version: 2 }))).toMatchObject({ kind: 'damaged' })
  expect(parseSealed(JSON.stringify({ ...one, alg: 'none' }))).toMatchObject({ kind: 'damaged' })
  expect(parseSealed(JSON.stringify({ ...one, iv: 7 }))).toMatchObject({ kind: 'damaged' })
})
