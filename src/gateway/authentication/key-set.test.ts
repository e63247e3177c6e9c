import { expect, test } from 'vitest'
import { newSigningKey } from '../../../test/world/token-issuer.ts'
import { parseStrictJson } from '../json/index.ts'
import { candidates, readKeySet } from './key-set.ts'

const rsa = newSigningKey('RS256', 'rsa').jwk
const p256 = newSigningKey('ES256', 'p256').jwk
const p384 = newSigningKey('ES384', 'p384').jwk

/** The `kid` of the keys that may verify a token. */
function found(
  keys: readonly Readonly<Record<string, unknown>>[],
  algorithm: string,
  keyId?: string,
): readonly (string | undefined)[] {
  const set = readKeySet(parseStrictJson(JSON.stringify({ keys }))) ?? []
  return candidates(set, { algorithm, keyId }).map((key) => key.keyId)
}

function without(jwk: Readonly<Record<string, unknown>>, ...names: readonly string[]) {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))
}

test('a key is found by its name, when its kind and algorithm fit', () => {
  expect(found([rsa, p256], 'RS256', 'rsa')).toEqual(['rsa'])
  expect(found([rsa, p256], 'ES256', 'p256')).toEqual(['p256'])
  expect(found([rsa, p256], 'RS256', 'other')).toEqual([])
})

test('a key without alg is for every algorithm of its kind', () => {
  const open = without(rsa, 'alg')
  for (const algorithm of ['RS256', 'RS512', 'PS256']) {
    expect(found([open], algorithm, 'rsa')).toEqual(['rsa'])
  }
})

test.each([
  ['C3 a key for encryption', { ...rsa, use: 'enc' }, 'RS256'],
  ['C3 a key for other operations', { ...rsa, key_ops: ['encrypt'] }, 'RS256'],
  ['C3 operations that are no list', { ...rsa, key_ops: 'verify' }, 'RS256'],
  ['C3 a key for another algorithm', { ...rsa, alg: 'RS512' }, 'RS256'],
  ['C3 a key of another kind', { ...rsa, alg: undefined }, 'ES256'],
  ['C4 a key on another curve', without(p384, 'alg'), 'ES256'],
  ['C2 a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'rsa' }, 'HS256'],
  ['C2 an RSA key for a symmetric algorithm', without(rsa, 'alg'), 'HS256'],
  ['C1 an RSA key for no algorithm', without(rsa, 'alg'), 'none'],
  ['a key without its numbers', without(rsa, 'n'), 'RS256'],
  ['a number that is no text', { ...rsa, n: 7 }, 'RS256'],
])('%s verifies nothing', (_, jwk, algorithm) => {
  expect(found([jwk], algorithm, String(jwk.kid))).toEqual([])
})

test('C27 without a name there must be exactly one key that fits', () => {
  expect(found([rsa, p256], 'RS256')).toEqual(['rsa'])
  expect(found([rsa, { ...rsa, kid: 'another' }], 'RS256')).toEqual([])
  expect(found([rsa, { ...rsa, kid: 'another', use: 'enc' }], 'RS256')).toEqual(['rsa'])
})

test.each([
  ['no document', undefined],
  ['no object', '[]'],
  ['no keys', '{}'],
  ['keys that are no list', '{"keys":{}}'],
  ['an empty list', '{"keys":[]}'],
  ['a list without a usable key', '{"keys":[1,null,{"kty":"oct","k":"AAAA"}]}'],
])('C25 %s is no key set', (_, text) => {
  expect(readKeySet(text === undefined ? undefined : parseStrictJson(text))).toBeUndefined()
})

test('the private part of a published key is never taken', async () => {
  const { privateKey, jwk } = newSigningKey('RS256', 'leaked')
  const leaked = { ...jwk, ...privateKey.export({ format: 'jwk' }) }
  const [key] = readKeySet(parseStrictJson(JSON.stringify({ keys: [leaked] }))) ?? []
  expect((await key?.forAlgorithm('RS256'))?.type).toBe('public')
})
