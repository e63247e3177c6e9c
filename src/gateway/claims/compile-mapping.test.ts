import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ClaimMappings, JwtAuthenticator } from '../config/index.ts'
import { type Json, parseStrictJson } from '../json/index.ts'
import { compileMapping, type MappedIdentity } from './index.ts'

const subject = { kind: 'claim', claim: 'sub', prefix: 'oidc:' } as const

/** Maps claims with a configuration of which a test gives what matters to it. */
function map(
  claims: Readonly<Record<string, unknown>> | string,
  given: Partial<Omit<JwtAuthenticator, 'claimMappings'>> & Partial<ClaimMappings> = {},
): MappedIdentity {
  const mapping = compileMapping({
    issuer: {
      url: 'https://sso.example.com',
      discoveryURL: undefined,
      certificateAuthority: undefined,
      audiences: ['kubernetes'],
    },
    claimValidationRules: given.claimValidationRules ?? [],
    userValidationRules: given.userValidationRules ?? [],
    claimMappings: {
      username: given.username ?? subject,
      groups: given.groups,
      uid: given.uid,
      extra: given.extra ?? [],
    },
  })
  const text = typeof claims === 'string' ? claims : JSON.stringify(claims)
  const json: Json | undefined = parseStrictJson(text)
  if (!(json instanceof Map)) throw new Error('the claims are no object')
  return mapping(json)
}

function userOf(identity: MappedIdentity) {
  if (identity.kind === 'refused') throw new Error(identity.message)
  return identity.user
}

function refusal(identity: MappedIdentity): string {
  return identity.kind === 'refused' ? `${identity.reason}: ${identity.message}` : 'user'
}

test('a claim with a prefix becomes the username', () => {
  expect(userOf(map({ sub: 'john' }))).toEqual({
    username: 'oidc:john',
    groups: [],
    uid: '',
    extra: new Map(),
  })
})

test.each([
  ['absent', {}],
  ['a number', { sub: 7 }],
  ['a truth', { sub: true }],
  ['null', { sub: null }],
  ['a list', { sub: ['john'] }],
  ['an object', { sub: { a: 'john' } }],
  ['A7 empty', { sub: '' }],
  ['A7 blank', { sub: ' \t' }],
])('C15 a username claim that is %s is refused', (_, claims) => {
  expect(refusal(map(claims))).toMatch(/^claims_refused: /)
})

test.each([
  ['A7 empty', "''"],
  ['A7 blank', "' '"],
  ['a list', '[claims.sub]'],
  ['a number', 'claims.n'],
  ['null', 'null'],
  ['an absent claim', 'claims.missing'],
  ['an optional', 'claims.?sub'],
])('a username expression that yields %s is refused', (_, expression) => {
  const username = { kind: 'expression', expression } as const
  expect(refusal(map({ sub: 'john', n: 1 }, { username }))).toMatch(/^claims_refused: /)
})

test.each([
  [{ groups: ['dev', 'ops'] }, ['g:dev', 'g:ops']],
  [{ groups: 'dev' }, ['g:dev']],
  [{ groups: [] }, []],
  [{ groups: null }, []],
  [{}, []],
  [{ groups: ['dev', ''] }, ['g:dev']],
  [{ groups: '' }, []],
  [{ groups: ['CN=a,OU=b'] }, ['g:CN=a,OU=b']],
])('C15 the groups claim of %j becomes %j', (claims, groups) => {
  const mapping = { kind: 'claim', claim: 'groups', prefix: 'g:' } as const
  expect(userOf(map({ sub: 'john', ...claims }, { groups: mapping })).groups).toEqual(groups)
})

test.each([[[1, 'a']], [[['a']]], [{ a: 'b' }], [7], [true], [[null]]])(
  'C15 a groups claim of %j is refused as a whole',
  (value) => {
    const groups = { kind: 'claim', claim: 'groups', prefix: '' } as const
    const text = `{"sub":"john","groups":${JSON.stringify(value)}}`
    expect(refusal(map(text, { groups }))).toMatch(/^claims_refused: /)
  },
)

test.each([
  ['claims.realm_access.roles', ['admin']],
  ["claims.realm_access.roles.map(r, 'kc:' + r)", ['kc:admin']],
  ["'one'", ['one']],
  ["['', 'a']", ['a']],
  ["''", []],
  ['null', []],
  ["claims.sub.split('h').map(part, part)", ['jo', 'n']],
  ["claims.sub.findAll('[a-m]') + ['z']", ['j', 'h', 'z']],
])('the groups expression %s yields %j', (expression, groups) => {
  const claims = { sub: 'john', realm_access: { roles: ['admin'] } }
  const mapping = { kind: 'expression', expression } as const
  expect(userOf(map(claims, { groups: mapping })).groups).toEqual(groups)
})

test.each(['1', '[1]', 'claims', 'claims.missing', 'claims.?sub'])(
  'the groups expression %s is refused',
  (expression) => {
    const groups = { kind: 'expression', expression } as const
    expect(refusal(map({ sub: 'john' }, { groups }))).toMatch(/^claims_refused: /)
  },
)

test.each(["claims.sub.split('h')", "true ? claims.sub.findAll('[a-m]') : ['a']"])(
  'the list of %s is none to kube-apiserver, and the refusal says what is',
  (expression) => {
    const groups = { kind: 'expression', expression } as const
    expect(refusal(map({ sub: 'john' }, { groups }))).toContain('.map(x, x)')
    const extra = [{ key: 'a.example/b', valueExpression: expression }]
    expect(refusal(map({ sub: 'john' }, { extra }))).toContain('.map(x, x)')
  },
)

test('uid comes from a claim or an expression, and must be text', () => {
  const claim = { kind: 'claim', claim: 'oid' } as const
  const expression = { kind: 'expression', expression: "'u-' + claims.oid" } as const
  expect(userOf(map({ sub: 'a', oid: '7' }, { uid: claim })).uid).toBe('7')
  expect(userOf(map({ sub: 'a', oid: '7' }, { uid: expression })).uid).toBe('u-7')
  expect(refusal(map({ sub: 'a', oid: 7 }, { uid: claim }))).toMatch(/^claims_refused/)
  expect(refusal(map({ sub: 'a' }, { uid: claim }))).toMatch(/^claims_refused/)
  expect(refusal(map({ sub: 'a', oid: 7 }, { uid: expression }))).toMatch(/^claims_refused/)
})

test('extra attributes are text or lists of texts; empty ones are left out; jti is kept', () => {
  const extra = [
    { key: 'example.com/team', valueExpression: 'claims.team' },
    { key: 'example.com/roles', valueExpression: "claims.roles + ['']" },
    { key: 'example.com/none', valueExpression: "''" },
  ]
  const claims = { sub: 'john', jti: 'id-1', team: 'red', roles: ['a'] }
  expect(userOf(map(claims, { extra })).extra).toEqual(
    new Map([
      ['authentication.kubernetes.io/credential-id', ['JTI=id-1']],
      ['example.com/team', ['red']],
      ['example.com/roles', ['a']],
    ]),
  )
  expect(refusal(map({ ...claims, team: 1 }, { extra }))).toMatch(/^claims_refused/)
})

test.each([
  [{ email: 'a@b.c' }, 'user'],
  [{ email: 'a@b.c', email_verified: true }, 'user'],
  [{ email: 'a@b.c', email_verified: false }, 'not verified'],
  [{ email: 'a@b.c', email_verified: 'true' }, 'not verified'],
  [{ email: 'a@b.c', email_verified: 1 }, 'not verified'],
  [{ email: 'a@b.c', email_verified: null }, 'not verified'],
])('C17 the username email of %j: %s', (claims, outcome) => {
  const username = { kind: 'claim', claim: 'email', prefix: '' } as const
  expect(refusal(map(claims, { username }))).toContain(outcome)
})

test.each([
  [{ hd: 'example.com' }, 'user'],
  [{ hd: 'example.org' }, 'claims_refused'],
  [{ hd: 'Example.com' }, 'claims_refused'],
  [{ hd: ['example.com'] }, 'claims_refused'],
  [{ hd: 1 }, 'claims_refused'],
  [{}, 'claims_refused'],
])('C18 a required claim, and %j: %s', (claims, outcome) => {
  const rule = { kind: 'claim', claim: 'hd', requiredValue: 'example.com' } as const
  expect(refusal(map({ sub: 'john', ...claims }, { claimValidationRules: [rule] }))).toContain(
    outcome,
  )
})

test('C18 a required empty value needs the claim, and needs it empty', () => {
  const claimValidationRules = [{ kind: 'claim', claim: 'hd', requiredValue: '' }] as const
  expect(refusal(map({ sub: 'a', hd: '' }, { claimValidationRules }))).toBe('user')
  expect(refusal(map({ sub: 'a' }, { claimValidationRules }))).toMatch(/^claims_refused/)
  expect(refusal(map({ sub: 'a', hd: null }, { claimValidationRules }))).toMatch(/^claims_refused/)
})

test('a claim validation rule must be true; its message is told, an error counts as no', () => {
  const rule = (expression: string) => ({
    claimValidationRules: [{ kind: 'expression', expression, message: 'too long' } as const],
  })
  const claims = { sub: 'john', exp: 200, nbf: 100 }
  expect(refusal(map(claims, rule('claims.exp - claims.nbf <= 100')))).toBe('user')
  expect(refusal(map(claims, rule('claims.exp - claims.nbf <= 99')))).toBe(
    'claims_refused: A claim validation rule of the gateway refuses the token: too long',
  )
  expect(refusal(map(claims, rule('claims.missing == "a"')))).toMatch(/^claims_refused/)
})

test('user validation rules see the user that the mappings made', () => {
  const rule = (expression: string) => ({
    groups: { kind: 'claim', claim: 'groups', prefix: '' } as const,
    username: { kind: 'claim', claim: 'sub', prefix: '' } as const,
    userValidationRules: [{ expression, message: '' }],
  })
  const notReserved = rule("!user.username.startsWith('system:')")
  expect(refusal(map({ sub: 'john' }, notReserved))).toBe('user')
  expect(refusal(map({ sub: 'system:admin' }, notReserved))).toBe(
    'user_refused: A user validation rule of the gateway refuses the user.',
  )
  const groups = rule("user.groups.all(g, !g.startsWith('system:')) && user.uid == ''")
  expect(refusal(map({ sub: 'john', groups: ['dev'] }, groups))).toBe('user')
  expect(refusal(map({ sub: 'john', groups: ['system:masters'] }, groups))).toMatch(/^user_refused/)
  const extra = rule("'authentication.kubernetes.io/credential-id' in user.extra")
  expect(refusal(map({ sub: 'john', jti: 'a' }, extra))).toBe('user')
  expect(refusal(map({ sub: 'john' }, extra))).toMatch(/^user_refused/)
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'C16 the claim %s is absent unless the token has it',
  (claim) => {
    const username = { kind: 'claim', claim, prefix: '' } as const
    expect(refusal(map({ sub: 'john' }, { username }))).toMatch(/^claims_refused/)
    expect(userOf(map(`{"${claim}":"john"}`, { username })).username).toBe('john')
  },
)

test('C16 a claim whose name is a URL with dots is found by its name', () => {
  const claim = 'https://example.com/claims/user.name'
  const username = { kind: 'claim', claim, prefix: '' } as const
  expect(userOf(map({ [claim]: 'john' }, { username })).username).toBe('john')
})

test('whatever the claims are, a user has a name, text groups and text attributes, or is refused', () => {
  const names = fc.constantFrom('sub', 'groups', 'team', 'jti', 'email', '__proto__')
  const given = {
    groups: { kind: 'claim', claim: 'groups', prefix: '' } as const,
    extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
  }
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue({ maxDepth: 2 })), (claims) => {
      const identity = map(claims, given)
      if (identity.kind === 'refused') return
      expect(identity.user.username.slice('oidc:'.length).trim()).not.toBe('')
      const texts = [...identity.user.groups, ...[...identity.user.extra.values()].flat()]
      for (const text of texts) {
        expect(typeof text).toBe('string')
        expect(text).not.toBe('')
      }
    }),
    { numRuns: 500 },
  )
})
