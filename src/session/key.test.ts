import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SessionIdentity, sessionKey } from './key.ts'

const identity: SessionIdentity = {
  issuer: 'https://sso.example.com/realms/demo',
  clientId: 'kubernetes',
  scopes: ['email', 'offline_access', 'openid'],
  tokenKind: 'id_token',
  extraParameters: { prompt: 'login', acr_values: 'gold' },
}

test('sessionKey() does not depend on the order of scopes and parameters', () => {
  const shuffled: SessionIdentity = {
    ...identity,
    scopes: ['openid', 'offline_access', 'email', 'email'],
    extraParameters: { acr_values: 'gold', prompt: 'login' },
  }
  expect(sessionKey(shuffled).name).toBe(sessionKey(identity).name)
})

test('sessionKey() tells sessions apart by every part of their identity', () => {
  const others: Partial<SessionIdentity>[] = [
    { issuer: 'https://sso.example.com/realms/other' },
    { clientId: 'other' },
    { scopes: ['openid'] },
    { tokenKind: 'access_token' },
    { extraParameters: { prompt: 'login' } },
    { profile: 'work' },
    { profile: 'home' },
    { username: 'john' },
    { username: 'jane' },
    { grant: 'client-credentials' },
    { audiences: ['a'] },
    { resources: ['a'] },
    { requestedTokenType: 'a' },
  ]
  const names = [identity, ...others.map((part) => ({ ...identity, ...part }))].map(
    (one) => sessionKey(one).name,
  )
  expect(new Set(names).size).toBe(names.length)
})

test('sessionKey() without a profile keeps the name that sessions have had from the start', () => {
  const { name } = sessionKey({ ...identity, profile: undefined })
  expect(name).toBe('sso-example-com-realms-demo-kubernetes-84a01730b6386c1ac9c4dad57773f51d')
})

test('sessionKey() begins the name with what a person can read, safe on every file system', () => {
  const { name } = sessionKey(identity)
  expect(name).toMatch(/^sso-example-com-realms-demo-kubernetes-[0-9a-f]{32}$/)
  const hostile = sessionKey({ ...identity, issuer: 'https://x/../../é\0', clientId: 'a/b\\c' })
  expect(hostile.name).toMatch(/^[a-z0-9-]+$/)
  expect(hostile.name.length).toBeLessThan(120)
})

test('sessionKey() begins the name with the words of issuer, client and profile', () => {
  const word = fc.constantFrom(
    'https://',
    'http://',
    'HTTPS://',
    '-',
    '--',
    '/',
    '_',
    'a',
    'Z9',
    'İ',
    '',
  )
  const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, fc.option(text, { nil: undefined }), (issuer, clientId, profile) => {
      const name = sessionKey({ ...identity, issuer, clientId, profile }).name.slice(0, -33)
      const parts = [issuer.replace(/^https?:\/\//, ''), clientId, ...(profile ? [profile] : [])]
      const words =
        parts
          .join('-')
          .toLowerCase()
          .match(/[a-z0-9]+/g) ?? []
      expect(name).toBe(words.join('-').slice(0, 60))
    }),
  )
})
