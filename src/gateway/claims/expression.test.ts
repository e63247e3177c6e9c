import { expect, test } from 'vitest'
import type { Json } from '../json/index.ts'
import { compileExpression } from './expression.ts'

const claims: Json = new Map<string, Json>([
  ['sub', 'john'],
  ['email', 'John.Doe@Example.com'],
  ['exp', 1_800_000_600],
  ['nbf', 1_800_000_000],
  ['employee', 1_234_567],
  ['groups', ['dev', 'ops', '']],
  ['nothing', null],
  ['real.name', 'Jo'],
  [
    'realm_access',
    new Map<string, Json>([
      ['roles', ['admin', 'dev']],
      ['a.b', 'dotted'],
    ]),
  ],
])

function evaluate(text: string): unknown {
  const compiled = compileExpression(text, 'claims', 'any')
  if (compiled.kind === 'faulty') throw new Error(compiled.fault)
  return compiled.expression.evaluate({ claims })
}

test.each([
  ['claims.sub', 'john'],
  ['"oidc:" + claims.sub', 'oidc:john'],
  ['claims.groups.map(g, "oidc:" + g)', ['oidc:dev', 'oidc:ops', 'oidc:']],
  ['claims.realm_access.roles.filter(r, r.startsWith("a"))', ['admin']],
  ['claims.?email_verified.orValue(true) == true', true],
  ['claims.exp - claims.nbf <= 86400', true],
  ['has(claims.missing)', false],
  ['claims.nothing == null', true],
  ['claims.email.split("@")[0].lowerAscii()', 'john.doe'],
  ['claims.sub.split("")', ['j', 'o', 'h', 'n']],
  ['claims.sub.split("o", 1)', ['john']],
  ['"a,b,c".split(",", 2)', ['a', 'b,c']],
  ['"a,b,c".split(",", 0)', []],
  ['"a,b,c".split(",", -1)', ['a', 'b', 'c']],
  ['"".split(",")', ['']],
  ['"".split("")', []],
  ['claims.email.matches("(?i)^JOHN")', true],
  ['claims.email.find("[A-Z][a-z]+")', 'John'],
  ['claims.email.findAll("[A-Z]")', ['J', 'D', 'E']],
  ['claims.email.replace(".", "_")', 'John_Doe@Example_com'],
  ['claims.email.replace(".", "_", 1)', 'John_Doe@Example.com'],
  ['claims.sub.charAt(0)', 'j'],
  ['claims.sub.substring(1, 3)', 'oh'],
  ['claims.sub.indexOf("h")', 2n],
  ['"  a ".trim()', 'a'],
  ['string(claims.employee)', '1.234567e+06'],
  ['string(42)', '42'],
  ['int(claims.exp) % 2', 0n],
  ['int("-7")', -7n],
  ['int(timestamp("1970-01-01T00:01:00Z"))', 60n],
  ['claims.groups.indexOf("ops")', 1n],
  ['string(true)', 'true'],
  ['sets.contains(claims.groups, ["dev"])', true],
  ['sets.intersects(claims.groups, ["x"])', false],
  ['["b", "a", "b"].distinct()', ['b', 'a']],
  ['claims.real__dot__name', 'Jo'],
  ['claims.realm_access.a__dot__b', 'dotted'],
  ['claims["real.name"]', 'Jo'],
  ['claims.groups.exists(g, g.matches("^d"))', true],
  ['cel.bind(name, claims.sub.upperAscii(), name + name)', 'JOHNJOHN'],
])('%s', (text, value) => {
  expect(evaluate(text)).toEqual(value)
})

test('lowerAscii leaves the Kelvin sign alone, so that nobody gets the name of somebody with a k', () => {
  expect(evaluate('"\\u212Aate".lowerAscii()')).toBe('\u212Aate')
})

test('strings are counted in characters, not in UTF-16 units', () => {
  expect(evaluate('"\\U0001F600ab".substring(1)')).toBe('ab')
  expect(evaluate('"\\U0001F600ab".indexOf("b")')).toBe(2n)
})

test.each([
  'claims.missing',
  'claims.__proto__',
  'claims.constructor',
  'claims.realm_access.__proto__',
  'claims.sub.toString',
  'claims.groups[7]',
  'claims.sub + 1',
  'claims.sub.substring(9)',
  'claims.sub.matches(claims.sub + "(")',
  'int(1e21)',
  'int("9223372036854775808")',
  'int("1.5")',
])('C16 %s is an error when it is evaluated', (text) => {
  expect(() => evaluate(text)).toThrow()
})

test.each([
  ['claims.sub +', 'any', 'Unexpected'],
  ['user.username', 'any', 'Unknown variable: user'],
  ['claims.sub', 'bool', 'must be true or false'],
  ['1 + "a"', 'any', 'no such overload'],
  ['claims.sub.matches("(")', 'bool', 'not a regular expression'],
  ['claims.sub.matches("(?<=a)b")', 'bool', 'not a regular expression'],
  ['claims.sub.lowerAscii(1)', 'any', 'lowerAscii'],
  [`"${'a'.repeat(10_001)}"`, 'any', 'longer than'],
  ['('.repeat(500), 'any', 'does not compile'],
] as const)('%s does not compile', (text, result, why) => {
  const compiled = compileExpression(text, 'claims', result)
  expect(compiled.kind).toBe('faulty')
  if (compiled.kind === 'faulty') {
    expect(compiled.fault).toContain(why)
    expect(compiled.fault).not.toContain('__')
  }
})

test('a fault has a caret under its place', () => {
  const compiled = compileExpression('claims.sub + nobody', 'claims', 'any')
  expect(compiled).toMatchObject({ kind: 'faulty' })
  expect(compiled.kind === 'faulty' && compiled.fault).toMatch(/\^/)
})

test('H5 a pattern that makes a backtracking engine run for ever is harmless', () => {
  const evil = `("${'a'.repeat(5000)}" + "!").matches("^(a+)+$")`
  expect(evaluate(evil)).toBe(false)
})

test.each([
  ['claims.email', true],
  ['claims.?email.orValue("")', true],
  ['has(claims.email) ? claims.email : claims.sub', true],
  ['claims.groups.exists(g, g == claims.email)', true],
  ['claims["email"]', false],
  ['claims.a.email', false],
])('%s selects the claim email: %s', (text, selects) => {
  const compiled = compileExpression(text, 'claims', 'any')
  expect(compiled.kind === 'compiled' && compiled.expression.selected.has('email')).toBe(selects)
})

test.each([
  ['claims.name', false],
  ['claims["name"]', false],
  ['claims[?"name"].orValue("")', false],
  ['"name" in claims ? "a" : "b"', false],
  ['has(claims.name) ? claims.sub : ""', false],
  ['dyn(claims).name', true],
  ['claims["na" + "me"]', true],
  ['claims.map(k, k)[0]', true],
  ['claims == claims ? "a" : "b"', true],
])('%s may use every claim: %s', (text, usesWhole) => {
  const compiled = compileExpression(text, 'claims', 'any')
  if (compiled.kind === 'faulty') throw new Error(compiled.fault)
  expect(compiled.expression.usesWhole).toBe(usesWhole)
  expect(compiled.expression.fields.has('name')).toBe(/^claims(\.|\[\??")name|^has/.test(text))
})

test('a slip in a field of the user does not make a rule mean nothing', () => {
  for (const text of ['!has(user.extras)', 'user.?grups.orValue([]) == []']) {
    const compiled = compileExpression(text, 'user', 'bool')
    expect(compiled).toMatchObject({
      kind: 'faulty',
      fault: expect.stringContaining('No such key'),
    })
  }
})

test('C20 loops in loops are bounded by the length of what a token brings', () => {
  const compiled = compileExpression(
    'claims.groups.all(a, claims.groups.exists(b, a == b))',
    'claims',
    'bool',
  )
  if (compiled.kind === 'faulty') throw new Error(compiled.fault)
  const { evaluate: run } = compiled.expression
  const groups = (count: number): Json => Array.from({ length: count }, (_, index) => `g${index}`)
  const withGroups = (count: number): Json => new Map<string, Json>([['groups', groups(count)]])
  expect(run({ claims: withGroups(300) })).toBe(true)
  expect(() => run({ claims: withGroups(1001) })).toThrow('too costly')
  const nested = 'claims.sub.split("").all(a, claims.sub.split("").all(b, a == b))'
  const splitting = compileExpression(nested, 'claims', 'bool')
  if (splitting.kind === 'faulty') throw new Error(splitting.fault)
  const long = new Map<string, Json>([['sub', 'a'.repeat(1001)]])
  expect(() => splitting.expression.evaluate({ claims: long })).toThrow('too costly')
  expect(evaluate('claims.groups.all(a, a != "x") && claims.groups.all(b, b != "y")')).toBe(true)
})

test.each([
  'has(claims.groups.x)',
  'claims.?groups.?x.orValue("none")',
  'claims["groups"].?x.orValue("none")',
  'claims.?groups.orValue({}).?x.orValue("none")',
  'dyn(claims.groups).?x.orValue("none")',
])('%s looks for a field in a list, which is an error', (text) => {
  expect(() => evaluate(text)).toThrow('a list has no fields')
})

test.each([
  ['has(claims.realm_access.roles)', true],
  ['has(claims.realm_access.a__dot__b)', true],
  ['has(claims.realm_access.missing)', false],
  ['claims.?missing.?roles.orValue("none")', 'none'],
  ['claims.?missing.orValue({}).?roles.orValue("none")', 'none'],
  ['claims.?realm_access.?roles.orValue([])', ['admin', 'dev']],
])('%s looks into an object, or into nothing', (text, value) => {
  expect(evaluate(text)).toEqual(value)
})

test('an expression that looks into what a loop yields is refused: a list would be told from nothing', () => {
  const compiled = compileExpression('claims.groups.exists(g, has(g.x))', 'claims', 'bool')
  expect(compiled).toEqual({
    kind: 'faulty',
    fault:
      'has() and .? look only into the claims here (has(claims.a.b)), not into what a function or a loop yields; "in" does.',
  })
})
