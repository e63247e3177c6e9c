import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkGatewayRules } from './gateway-rules.ts'

const page = readFileSync('docs/security.md', 'utf8')

test('the page has every rule, and every difference to kube-apiserver', () => {
  expect(checkGatewayRules(page)).toEqual([])
})

test('a rule that is missing, stands twice or does not exist is a complaint', () => {
  const row = /^\| A26 \|.*\n/m.exec(page)?.[0] ?? ''
  const missing = 'docs/security.md needs one row with a proof for the rule A26'
  expect(checkGatewayRules(page.replace(row, ''))).toEqual([missing])
  expect(checkGatewayRules(page.replace(row, row + row))).toEqual([missing])
  expect(checkGatewayRules(page.replace(row, row + row.replace('A26', 'A27')))).toEqual([
    'there is no rule A27',
  ])
})

test('a difference that the page does not tell is a complaint', () => {
  const told = /^\| C21 \| tokens of more than 64 KiB.*\n/m.exec(page)?.[0] ?? ''
  expect(checkGatewayRules(page.replace(told, ''))).toEqual([
    `docs/security.md lacks the line ${told.trimEnd()}`,
  ])
})
