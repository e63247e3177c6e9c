import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { holderOf, isOwnerDead, newLockOwner } from './owner.ts'
import type { LockRecord } from './record.ts'

const now = 1_767_225_600_000
const minuteMs = 60_000
const owner = newLockOwner(process.pid)
const here = owner.machine
const { startTicks, ...ownerWithoutStart } = owner
const elsewhere = { ...here, hostname: `not-${here.hostname}` }

function record(differences: Partial<LockRecord> = {}): LockRecord {
  return { ...owner, since: now, until: now, purpose: 'testing', ...differences }
}

test('each acquisition has a token of its own', () => {
  expect(owner.token).toMatch(/^[0-9a-f]{32}$/)
  expect(newLockOwner(process.pid).token).not.toBe(owner.token)
})

test.runIf(process.platform === 'linux')(
  'a process that runs is alive however long it takes, and not when its id was given again',
  () => {
    expect(startTicks).toBeGreaterThan(0)
    expect(isOwnerDead(record(), here, now + 100 * minuteMs)).toBe(false)
    expect(isOwnerDead(record({ startTicks: (startTicks ?? 0) - 1 }), here, now)).toBe(true)
  },
)

test('a process that has ended is dead before its time', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  expect(isOwnerDead(record({ pid, until: now + minuteMs }), here, now)).toBe(true)
})

test.each([
  ['on another machine', record({ machine: elsewhere })],
  ['in another container', record({ machine: { ...here, pidNamespace: 'pid:[1]' } })],
  ['before the last boot', record({ machine: { ...here, bootId: 'b-0' } })],
  ['of unknown start', { ...ownerWithoutStart, since: now, until: now, purpose: 'testing' }],
])('a process %s is dead one minute after it promised to be done', (_, foreign) => {
  expect(isOwnerDead(foreign, here, now + minuteMs)).toBe(false)
  expect(isOwnerDead(foreign, here, now + minuteMs + 1)).toBe(true)
})

test('a holder is described for people', () => {
  expect(holderOf(record({ pid: 7 }), here)).toEqual({
    pid: 7,
    machine: here.hostname,
    since: now,
    purpose: 'testing',
    isOnThisMachine: true,
  })
  expect(holderOf(record({ machine: elsewhere }), here)).toMatchObject({
    machine: elsewhere.hostname,
    isOnThisMachine: false,
  })
})
