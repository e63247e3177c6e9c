import { expect, test } from 'vitest'
import { identity } from '../testing/samples.ts'
import { createFairShare } from './fair-share.ts'

test('G4 A26 a user is his provider and his whole name, and long requests are counted apart', () => {
  const shares = createFairShare(2)
  const john = identity()
  const release = shares.take(john, 'short')
  expect(release).toBeTypeOf('function')
  expect(shares.take(john, 'short')).toBeUndefined()
  expect(shares.take(john, 'long')).toBeTypeOf('function')
  expect(shares.take({ ...john, issuer: 'https://other.example.com' }, 'short')).toBeTypeOf(
    'function',
  )
  expect(shares.take(identity({ username: 'johnny' }), 'short')).toBeTypeOf('function')
  release?.()
  expect(shares.take(john, 'short')).toBeTypeOf('function')
})

test('somebody is served even when there is one connection', () => {
  expect(createFairShare(1).take(identity(), 'short')).toBeTypeOf('function')
})
