import { beforeAll, describe, expect, test, vi } from 'vitest'
import { john as johnsAccount } from '../../world/provider-accounts.ts'
import { expireSession, readSession } from '../../world/sessions.ts'
import { fingerprintOf } from '../../world/world.ts'
import { chromiumPath } from '../browser.ts'
import { type AtKeycloak, type AtKeycloakOptions, atKeycloak } from './at-keycloak.ts'
import { keycloakHome, sharedKeycloak } from './index.ts'
import { asksForPassword, signIn } from './pages.ts'

/** John has signed in once. */
async function signedIn(wanted: AtKeycloakOptions = {}, ...more: readonly string[]) {
  const at: AtKeycloak = await atKeycloak(wanted)
  const args = ['get-token', ...at.options(...more)]
  const run = at.john.start(args)
  await signIn(await at.visit())
  const { exitCode, stdout, stderr } = await run.ended
  expect(exitCode, stderr).toBe(0)
  return { ...at, args, token: fingerprintOf(stdout) }
}

describe.skipIf(!keycloakHome || !chromiumPath)('refreshing at Keycloak', () => {
  beforeAll(async () => void (await sharedKeycloak()))

  test.each([
    ['that can be used again', false],
    ['that rotate', true],
  ])('tokens that last for seconds, with refresh tokens %s', async (_, rotateRefreshTokens) => {
    const wanted = { tokenLifetimeSec: 5, rotateRefreshTokens }
    const { john, realm, args, token, countVisits } = await signedIn(wanted)
    const tokens = new Set([token])
    for (let refreshes = 1; refreshes <= 3; refreshes += 1) {
      const { refreshAt } = readSession(john.sessions)
      await vi.waitUntil(() => Date.now() > Number(refreshAt), { timeout: 10_000 })
      const { exitCode, stdout, stderr } = await john.run(args)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      tokens.add(fingerprintOf(stdout))
      expect(await realm.countEvents('REFRESH_TOKEN')).toBe(refreshes)
    }
    expect(tokens.size).toBe(4)
    expect(countVisits()).toBe(1)
  })

  test.each([
    ['a session of the browser', []],
    ['an offline session', ['--oidc-extra-scope=offline_access']],
  ])('%s that was ended at Keycloak: one clean sign-in', async (_, more) => {
    const { john, realm, args, visit, countVisits } = await signedIn({}, ...more)
    expect(await realm.countSessions(johnsAccount)).toBeGreaterThan(0)
    await realm.endSessions(johnsAccount)
    expireSession(john.sessions)
    const run = john.start(args)
    const page = await visit()
    expect(await asksForPassword(page)).toBe(true)
    await signIn(page)
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('The provider has ended the session. Signing in again.')
    const again = await john.run(args)
    expect({ ...again, stdout: again.stdout === stdout }).toEqual({
      exitCode: 0,
      stdout: true,
      stderr: '',
    })
    expect(countVisits()).toBe(2)
    expect(await realm.countEvents('REFRESH_TOKEN_ERROR')).toBe(1)
    expect(await realm.countEvents('LOGIN')).toBe(2)
  })

  test('six programs whose session was ended at Keycloak: one sign-in', async () => {
    const { john, realm, args, visit, countVisits } = await signedIn()
    await realm.endSessions(johnsAccount)
    expireSession(john.sessions)
    const runs = Array.from({ length: 6 }, () => john.start(args))
    await signIn(await visit())
    const results = await Promise.all(runs.map(async (run) => await run.ended))
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(6).fill(0))
    expect(new Set(results.map(({ stdout }) => fingerprintOf(stdout))).size).toBe(1)
    expect(countVisits()).toBe(2)
    expect(await realm.countEvents('REFRESH_TOKEN_ERROR')).toBe(1)
  })
})
