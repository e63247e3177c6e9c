import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { markChildren, waitingAncestor } from './ancestry.ts'

const variable = 'KUBECTL_OIDC_LOGIN_STARTED_BY'

afterEach(() => {
  delete process.env[variable]
})

test('a process that marks its children is not its own ancestor', () => {
  markChildren()
  expect(process.env[variable]).toMatch(new RegExp(`^${process.pid}-\\d*$`))
  expect(waitingAncestor({ env: process.env })).toBeUndefined()
})

test('a process that has ended is no waiting ancestor: browsers outlive those who opened them', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  expect(waitingAncestor({ env: { [variable]: `${pid}-1` } })).toBeUndefined()
})

test.runIf(process.platform === 'linux')('nor is another process that got its id', () => {
  expect(waitingAncestor({ env: { [variable]: `${process.ppid}-1` } })).toBeUndefined()
})

test.each([undefined, '', 'x', '-1-1', '0-', '1', '99999999999-1'])(
  'the mark %j means nothing',
  (value) => {
    expect(waitingAncestor({ env: { [variable]: value } })).toBeUndefined()
  },
)
