import { expect, test } from 'vitest'
import { differencesOf, withWanted } from './differences.ts'

const wanted = {
  publicClient: true,
  redirectUris: ['http://localhost:8000', 'http://localhost:18000'],
  attributes: { 'pkce.code.challenge.method': 'S256' },
}

test('only what is wanted is compared, and lists in any order', () => {
  const actual = {
    ...wanted,
    id: 'c1',
    redirectUris: ['http://localhost:18000', 'http://localhost:8000'],
    attributes: { ...wanted.attributes, realm_client: 'false' },
  }
  expect(differencesOf(wanted, actual)).toEqual([])
})

test('a difference names its field, and both values without control characters', () => {
  const actual = { publicClient: false, redirectUris: ['*', 'a\u009b\u202e'], attributes: null }
  expect(differencesOf(wanted, actual)).toEqual([
    { path: 'publicClient', before: 'false', after: 'true' },
    {
      path: 'redirectUris',
      before: '["*","a "]',
      after: '["http://localhost:8000","http://localhost:18000"]',
    },
    { path: 'attributes.pkce.code.challenge.method', before: '(none)', after: '"S256"' },
  ])
})

test('one redirect URI more is a difference, and one that is only there twice is none', () => {
  const [first = '', second = ''] = wanted.redirectUris
  const uris = (...redirectUris: readonly string[]) =>
    differencesOf({ redirectUris: wanted.redirectUris }, { redirectUris })
  expect(uris(first, second, 'https://evil.example.com/*')).toHaveLength(1)
  expect(uris(first)).toHaveLength(1)
  expect(uris(first, second, second)).toEqual([])
})

test('what is wanted is written over what is there, and all else stays', () => {
  const actual = { id: 'c1', attributes: { color: 'red', 'pkce.code.challenge.method': '' } }
  expect(withWanted(wanted, actual)).toEqual({
    id: 'c1',
    ...wanted,
    attributes: { color: 'red', 'pkce.code.challenge.method': 'S256' },
  })
})
