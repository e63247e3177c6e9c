import { expect, test } from 'vitest'
import { closestName } from './index.ts'

const known = ['host', 'port', 'certFile', 'serverNames', 'claimValidationRules']

test.each([
  ['prot', 'port'],
  ['Port', 'port'],
  ['certfile', 'certFile'],
  ['cert', undefined],
  ['serverName', 'serverNames'],
  ['claimValidationRule', 'claimValidationRules'],
  ['', undefined],
  ['x', undefined],
  ['somethingElseAltogether', undefined],
])('for %j, %j was meant', (given, meant) => {
  expect(closestName(given, known)).toBe(meant)
})
