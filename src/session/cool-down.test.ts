import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { testSystem } from '../../test/world/system.ts'
import { coolDown } from './cool-down.ts'
import { sessionKey } from './key.ts'

const key = sessionKey({
  issuer: 'https://sso.example.com',
  clientId: 'kubernetes',
  scopes: ['openid'],
  tokenKind: 'id_token',
  extraParameters: {},
})
const coolDownMs = 300_000

function world() {
  const test = testSystem()
  const failures = coolDown(test.system, temporaryFolder(), key)
  const attempt =
    (isInteractive: boolean, startedAt = test.system.clock.now()) =>
    () =>
      failures.check({ isInteractive, startedAt, coolDownMs })
  return { ...test, failures, attempt }
}

test('coolDown lets everybody sign in when nothing has failed', () => {
  const { attempt } = world()
  expect(attempt(false)).not.toThrow()
})

test('coolDown holds up programs for its time and tells why', () => {
  const { failures, attempt, advance } = world()
  failures.remember('The sign-in was refused: access_denied.', {})
  advance(10_000)
  expect(attempt(false)).toThrow(
    expect.objectContaining({
      code: 'cooling_down',
      message: expect.stringMatching(/10 seconds ago.*access_denied/),
      hint: expect.stringContaining('290 seconds'),
    }),
  )
  advance(coolDownMs)
  expect(attempt(false)).not.toThrow()
})

test('coolDown stops whoever waited for the failed attempt, a person too', () => {
  const { system, failures, attempt, advance } = world()
  const before = system.clock.now()
  advance(5_000)
  failures.remember('Nobody signed in.', {})
  expect(attempt(true, before)).toThrow()
  advance(1)
  expect(attempt(true)).not.toThrow()
})

test('coolDown stops the caller whose sign-in has just failed, and no other', () => {
  const { failures, advance, system } = world()
  failures.remember('The sign-in was refused.', { callerPid: 100 })
  advance(1_000)
  const person = { isInteractive: true, startedAt: system.clock.now(), coolDownMs }
  expect(() => failures.check({ ...person, callerPid: 100 })).toThrow()
  expect(() => failures.check({ ...person, callerPid: 101 })).not.toThrow()
  expect(() => failures.check(person)).not.toThrow()
})

test('coolDown doubles with each failure', () => {
  const { failures, attempt, advance } = world()
  failures.remember('Nobody signed in.', {})
  failures.remember('Nobody signed in.', {})
  advance(coolDownMs + 1)
  expect(attempt(false)).toThrow()
  advance(coolDownMs)
  expect(attempt(false)).not.toThrow()
})

test('coolDown forgets failures after a success', () => {
  const { failures, attempt } = world()
  failures.remember('Nobody signed in.', {})
  failures.forget()
  expect(attempt(false)).not.toThrow()
})
