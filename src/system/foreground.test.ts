import { expect, test } from 'vitest'
import { isForegroundStat, isForegroundStatus } from './foreground.ts'

test.each([
  ['in the foreground', '42 (node) S 40 42 40 34816 42 4194304', true],
  ['in the background', '42 (node) S 40 42 40 34816 40 4194304', false],
  ['without a controlling terminal', '42 (node) S 40 42 40 0 -1 4194304', true],
  ['named as cleverly as possible', '42 (a) S 1 (b) S 40 42 40 34816 40 0', false],
  ['of which nothing is known', '', false],
])('a Linux process %s', (_, stat, expected) => {
  expect(isForegroundStat(stat)).toBe(expected)
})

test.each([
  ['S+', true],
  ['S', false],
  ['', false],
])('elsewhere ps says %j', (status, expected) => {
  expect(isForegroundStatus(status)).toBe(expected)
})
