import { expect, test } from 'vitest'
import { testSystem } from '../../../test/world/system.ts'
import { createFailureLimiter } from './failure-limiter.ts'

function limiter(maxPerSecond: number) {
  const { system, advance } = testSystem()
  return { advance, failures: createFailureLimiter(system.clock, maxPerSecond) }
}

test('G3 an address is blocked after its failures of a second, and free again a second later', () => {
  const { failures, advance } = limiter(2)
  failures.failed('1.2.3.4')
  expect(failures.isBlocked('1.2.3.4')).toBe(false)
  failures.failed('1.2.3.4')
  expect(failures.isBlocked('1.2.3.4')).toBe(true)
  expect(failures.isBlocked('1.2.3.5')).toBe(false)
  advance(1_000)
  expect(failures.isBlocked('1.2.3.4')).toBe(false)
})

test('G3 addresses of one IPv6 network are one source, however they are written', () => {
  const { failures } = limiter(1)
  failures.failed('2001:db8:0:0:1::9')
  expect(failures.isBlocked('2001:db8::5')).toBe(true)
  expect(failures.isBlocked('2001:db8:0:0:aaaa:bbbb:cccc:dddd')).toBe(true)
  expect(failures.isBlocked('2001:db8:0:1::5')).toBe(false)
})

test('G3 a limit of 0 is none', () => {
  const { failures } = limiter(0)
  failures.failed('1.2.3.4')
  expect(failures.isBlocked('1.2.3.4')).toBe(false)
})
