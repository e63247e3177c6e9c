import { expect, test } from 'vitest'
import { defectsOf } from './kubectl-defects.ts'

test.each<[number, number, string[]]>([
  [20, 15, ['98451', '111911']],
  [21, 0, ['111911']],
  [22, 13, ['111911']],
  [22, 14, []],
  [24, 4, ['111911']],
  [24, 5, []],
  [25, 0, ['111911']],
  [25, 1, []],
  [26, 0, []],
  [37, 2, []],
])('kubectl 1.%i.%i has the defects %j', (minor, patch, issues) => {
  expect(defectsOf(minor, patch).map(({ issue }) => issue.split('#')[1])).toEqual(issues)
})
