import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { isSameMachine, thisMachine } from './machine.ts'

test('this machine bears its host name and is the same each time', () => {
  expect(thisMachine().hostname).toBe(hostname())
  expect(isSameMachine(thisMachine(), thisMachine())).toBe(true)
})

test.runIf(process.platform === 'linux')(
  'on Linux the boot and the pid namespace are known',
  () => {
    const { bootId, pidNamespace } = thisMachine()
    expect(bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(pidNamespace).toMatch(/^pid:\[\d+\]$/)
  },
)

test.each([{ hostname: 'other' }, { bootId: 'other' }, { pidNamespace: 'pid:[1]' }])(
  'a machine that differs in %j is another one',
  (difference) => {
    const machine = { hostname: 'one', bootId: 'one', pidNamespace: 'pid:[2]' }
    expect(isSameMachine(machine, { ...machine, ...difference })).toBe(false)
  },
)
