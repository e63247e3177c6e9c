import { expect, test } from 'vitest'
import { parseBoolean, parseLevel, parsePairs, parseRecord, parseSeconds } from './option-values.ts'

test('parseBoolean() reads what Go reads', () => {
  expect(['1', 't', 'TRUE', 'True'].map(parseBoolean)).toEqual([true, true, true, true])
  expect(['0', 'f', 'FALSE', 'False'].map(parseBoolean)).toEqual([false, false, false, false])
  expect(() => parseBoolean('yes')).toThrow()
})

test('parseRecord() splits at commas and honours quotes', () => {
  expect(parseRecord('a,b')).toEqual(['a', 'b'])
  expect(parseRecord('"a,b",c')).toEqual(['a,b', 'c'])
  expect(parseRecord('"say ""hi""",')).toEqual(['say "hi"', ''])
  expect(parseRecord('')).toEqual([])
  for (const text of ['"open', 'a"b', '"a"b']) expect(() => parseRecord(text)).toThrow()
})

test('parsePairs() keeps commas of a single pair and splits several', () => {
  expect(parsePairs('acr_values=a,b')).toEqual([['acr_values', 'a,b']])
  expect(parsePairs('a=1,b=2')).toEqual([
    ['a', '1'],
    ['b', '2'],
  ])
  expect(parsePairs('"a=1,2",b=3=4')).toEqual([
    ['a', '1,2'],
    ['b', '3=4'],
  ])
  expect(parsePairs('"a=1,2"')).toEqual([['a', '1,2']])
  expect(() => parsePairs('novalue')).toThrow()
  expect(() => parsePairs('=x')).toThrow()
})

test('parseSeconds() gives milliseconds and refuses what is not a whole number', () => {
  expect(parseSeconds('180')).toBe(180_000)
  expect(['0x10', '1_000', '+5', '010', '0b11'].map(parseSeconds)).toEqual([
    16_000, 1_000_000, 5_000, 8_000, 3_000,
  ])
  expect(parseSeconds('99999999')).toBe(7 * 24 * 3_600_000)
  for (const text of ['-1', '1.5', '1s', '', '_1', '0x']) expect(() => parseSeconds(text)).toThrow()
})

test('parseLevel() accepts the spelling -v=1, and every level of klog', () => {
  expect(parseLevel('=1')).toBe(1)
  expect(['0', '4', '100', '-1'].map(parseLevel)).toEqual([0, 4, 100, -1])
  expect(() => parseLevel('much')).toThrow()
})
