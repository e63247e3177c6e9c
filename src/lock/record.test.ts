import { expect, test } from 'vitest'
import { formatLockRecord, type LockRecord, parseLockRecord } from './record.ts'

const record: LockRecord = {
  token: '0123456789abcdef0123456789abcdef',
  pid: 4711,
  startTicks: 812_345,
  machine: { hostname: 'laptop', bootId: 'b-1', pidNamespace: 'pid:[4026531836]' },
  since: 1_767_225_600_000,
  until: 1_767_225_840_000,
  purpose: 'signing in',
}

test('what is written is read again', () => {
  expect(parseLockRecord(formatLockRecord(record))).toEqual(record)
})

test('a record without the facts that only Linux tells is read', () => {
  const { startTicks, ...others } = record
  const elsewhere = { ...others, machine: { hostname: 'laptop' } }
  expect(parseLockRecord(formatLockRecord(elsewhere))).toEqual(elsewhere)
})

test('a record of a later version is read', () => {
  const later = { version: 2, ...record, colour: 'red' }
  expect(parseLockRecord(JSON.stringify(later))).toEqual(record)
})

test.each(['', '{', 'null', '[]', '"text"', '{}'])(
  'contents %j are not those of a lock',
  (text) => {
    expect(parseLockRecord(text)).toBeUndefined()
  },
)

test.each([
  { token: '../../../etc/passwd' },
  { token: '0123' },
  { pid: 0 },
  { pid: -1 },
  { pid: 1.5 },
  { pid: 2 ** 31 },
  { pid: '4711' },
  { machine: 'laptop' },
  { machine: { hostname: 'esc\u001b[2J' } },
  { since: null },
  { until: '2026' },
  { purpose: 'esc\u001b[2J' },
  { purpose: 'x'.repeat(257) },
])('a record with %j is not believed', (difference) => {
  expect(parseLockRecord(JSON.stringify({ version: 1, ...record, ...difference }))).toBeUndefined()
})
