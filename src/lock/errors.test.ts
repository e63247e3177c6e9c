import { expect, test } from 'vitest'
import { interruptedWait, lockTimedOut } from './errors.ts'

const holder = {
  pid: 4711,
  machine: 'laptop',
  since: 100_000,
  purpose: 'signing in',
  isOnThisMachine: true,
}
const wait = { path: '/home/jane/one.lock', holder, waitedMs: 1_000 }

test('a timed-out wait names the holder, what it does and how long, and says what to do', () => {
  const error = lockTimedOut(wait, 142_000)
  expect(error).toMatchObject({ code: 'lock_timed_out', exitCode: 6 })
  expect(error.message).toBe(
    'Process 4711 has been signing in for 42 seconds. Waiting for it ended after 1 second.',
  )
  expect(error.hint).toBe(
    'Wait until it is done, end process 4711, or delete /home/jane/one.lock if no such process runs.',
  )
})

test('a timed-out wait names the machine of the holder when it is another one', () => {
  const error = lockTimedOut({ ...wait, holder: { ...holder, isOnThisMachine: false } }, 142_000)
  expect(error.message).toContain('Process 4711 on machine laptop has been signing in')
  expect(error.hint).toContain('end process 4711 on machine laptop')
})

test('a timed-out wait for an unknown holder names the lock file', () => {
  const error = lockTimedOut({ ...wait, holder: undefined }, 142_000)
  expect(error.message).toContain('/home/jane/one.lock')
  expect(error.hint).toContain('delete /home/jane/one.lock')
})

test('a holder whose clock is ahead has held the lock for no time', () => {
  expect(lockTimedOut(wait, 0).message).toContain('for 0 seconds')
})

test('an interrupted wait says for whom it was', () => {
  expect(interruptedWait(holder)).toMatchObject({ code: 'interrupted', exitCode: 130 })
  expect(interruptedWait(holder).message).toContain('process 4711')
  expect(interruptedWait(undefined).message).toContain('another process')
})
