import { expect, test } from 'vitest'
import { humanDuration } from './age.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test.each([
  [-5 * second, '<invalid>'],
  [-1 * second, '0s'],
  [0, '0s'],
  [119 * second, '119s'],
  [2 * minute, '2m'],
  [5 * minute + 3 * second, '5m3s'],
  [10 * minute + 3 * second, '10m'],
  [179 * minute, '179m'],
  [3 * hour, '3h'],
  [3 * hour + 7 * minute, '3h7m'],
  [47 * hour, '47h'],
  [2 * day, '2d'],
  [2 * day + hour, '2d1h'],
  [8 * day + hour, '8d'],
  [729 * day, '729d'],
  [731 * day, '2y1d'],
  [9 * 365 * day, '9y'],
])('an age of %i ms is printed as kubectl prints it: %s', (durationMs, printed) => {
  expect(humanDuration(durationMs)).toBe(printed)
})
