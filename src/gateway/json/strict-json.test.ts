import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Json, parseStrictJson } from './index.ts'

/** What `JSON.parse` makes of a text, with objects as Maps. */
function toMaps(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toMaps)
  if (typeof value !== 'object' || value === null) return value as Json
  return new Map(Object.entries(value).map(([key, item]) => [key, toMaps(item)]))
}

test('whatever JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(parseStrictJson(text)).toEqual(toMaps(JSON.parse(text)))
    }),
  )
})

test('whatever is read, JSON.parse reads, too; nothing is ever thrown', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-0',
    '1.5e3',
    'null',
    'true',
    ' ',
    '\t',
    '01',
    '.5',
    '"\\u0041"',
    '"\\x"',
    '"',
    '\\',
    '\u0000',
    '\ufeff',
    '\u00a0',
    'NaN',
    '-',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const value = parseStrictJson(text)
      if (value !== undefined) expect(value).toEqual(toMaps(JSON.parse(text)))
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['C19 a key that stands twice', '{"sub":"john","sub":"admin"}'],
  ['C19 a key that stands twice, once escaped', '{"sub":"john","s\\u0075b":"admin"}'],
  ['C19 a key that stands twice in a nested object', '{"a":{"b":1,"b":2}}'],
  ['C20 nesting deeper than 32', `${'['.repeat(40)}${']'.repeat(40)}`],
  ['C11 a number beyond the range of a double', '{"exp":1e400}'],
  ['half a surrogate pair, escaped', '{"sub":"\\ud800"}'],
  ['half a surrogate pair', '{"sub":"\ud800"}'],
  ['a control character in text', '{"sub":"a\nb"}'],
  ['text behind the value', '{} {}'],
  ['a byte order mark', '\ufeff{}'],
  ['a comma too many', '{"a":1,}'],
  ['nothing', ''],
])('refused: %s', (_, text) => {
  expect(parseStrictJson(text)).toBeUndefined()
})

test('C16 keys of the prototype are keys like any other', () => {
  const value = parseStrictJson('{"__proto__":{"admin":true},"constructor":1}')
  expect(value).toBeInstanceOf(Map)
  expect(value).toEqual(
    new Map<string, Json>([
      ['__proto__', new Map([['admin', true]])],
      ['constructor', 1],
    ]),
  )
})

test('C20 a hundred thousand levels do not end the process', () => {
  expect(parseStrictJson('['.repeat(100_000))).toBeUndefined()
  expect(parseStrictJson('{"a":'.repeat(100_000))).toBeUndefined()
})
