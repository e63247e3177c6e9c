import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import {
  apiUserOf,
  authenticationConfiguration,
  csvField,
  groupsIn,
  oidcFlags,
  rbacFor,
  shellWord,
} from './index.ts'

const mapping = { username: { claim: 'sub', prefix: '' }, groups: undefined }

test.skipIf(process.platform === 'win32')('a word means itself to a shell', () => {
  for (const word of [
    'plain',
    'a b',
    "it's",
    '$HOME',
    '`id`',
    '"',
    '\\',
    '*',
    ';',
    '',
    '~',
    'ä\n',
  ]) {
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })
    expect(stdout).toBe(word)
  }
})

test('a field of a record is quoted only when it must be', () => {
  expect(['a', 'a,b', 'say "a"', 'a=b'].map(csvField)).toEqual(['a', '"a,b"', '"say ""a"""', 'a=b'])
})

test('names that YAML 1.1 takes for something else stay names, and users that look alike stay apart', () => {
  const names = ['yes', '0x1f', 'john', 'John', 'john@example.com', 'john example com', "a: b # '"]
  const bindings = names.map((username) => {
    const [, binding] = parseAllDocuments(rbacFor({ username, groups: [] }), { version: '1.1' })
    return binding?.toJS()
  })
  expect(bindings.map(({ subjects }) => subjects[0].name)).toEqual(names)
  expect(new Set(bindings.map(({ metadata }) => metadata.name)).size).toBe(names.length)
  for (const { metadata } of bindings) expect(metadata.name).toMatch(/^[a-z0-9][a-z0-9-]*[a-z0-9]$/)
})

test('a group with a line break cannot leave its comment', () => {
  const text = rbacFor({ username: 'john', groups: ['a\nkind: ClusterRoleBinding', 'b'] })
  const documents = parseAllDocuments(text)
  expect(documents.map((document) => document.errors)).toEqual([[], []])
  expect(documents[1]?.toJS()).toMatchObject({ subjects: [{ kind: 'User', name: 'john' }] })
})

test('several audiences are told to match any, and a claim cannot leave its comment', () => {
  const text = authenticationConfiguration({
    issuer: 'https://sso.example.com',
    audiences: ['a', 'b'],
    certificateAuthorities: [],
    mapping: { ...mapping, username: { claim: 'x\njwt: []', prefix: 'y\nkind: z' } },
  })
  const { kind, jwt } = parse(text)
  expect(kind).toBe('AuthenticationConfiguration')
  expect(jwt[0].issuer).toEqual({
    url: 'https://sso.example.com',
    audiences: ['a', 'b'],
    audienceMatchPolicy: 'MatchAny',
  })
  expect(jwt[0].claimMappings.username).toEqual({ claim: 'x\njwt: []', prefix: 'y\nkind: z' })
})

test('no prefix is written as kube-apiserver wants it', () => {
  const trust = { issuer: 'https://a', audiences: ['k'], certificateAuthorities: [], mapping }
  expect(oidcFlags(trust)).toEqual([
    '--oidc-issuer-url=https://a',
    '--oidc-client-id=k',
    '--oidc-username-claim=sub',
    '--oidc-username-prefix=-',
  ])
})

test('an API server sees the name and the groups with their prefixes', () => {
  const claims = { sub: 'j', groups: 'admins' }
  const groups = { claim: 'groups', prefix: 'g:' }
  expect(apiUserOf({ username: { claim: 'sub', prefix: 'u:' }, groups }, claims)).toEqual({
    username: 'u:j',
    groups: ['g:admins'],
  })
  expect([['a', 1, 'b'], '', undefined, {}].map(groupsIn)).toEqual([['a', 'b'], [], [], []])
})
