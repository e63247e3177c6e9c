import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { john as johnsAccount } from '../../world/provider-accounts.ts'
import { expireSession, readSession } from '../../world/sessions.ts'
import { claimsOf, computer, fingerprintOf, tokenOf } from '../../world/world.ts'
import { chromiumPath, openWindow, takePicture } from '../browser.ts'
import { noteVisits } from '../visits.ts'
import { dexPath, startDex } from './dex.ts'

/** John's computer, which trusts a dex of his own. */
async function atDex() {
  const john = await computer()
  const dex = await startDex({ authority: john.authority, tokenLifetimeSec: 5 })
  const visits = noteVisits(john.home)
  const options = john.options(
    dex.issuer,
    '--oidc-extra-scope=email,offline_access',
    `--browser-command=${visits.command}`,
    '--authentication-timeout-sec=120',
  )
  const visit = async (): Promise<Page> => {
    const page = await (await openWindow()).newPage()
    await page.goto(await visits.next())
    return page
  }
  return { john, dex, options, visit, countVisits: visits.count }
}

async function signIn(page: Page): Promise<void> {
  await page.getByPlaceholder('email address').fill(johnsAccount.email)
  await page.getByPlaceholder('password').fill(johnsAccount.password)
  await page.getByRole('button', { name: 'Login' }).click()
}

describe.skipIf(!dexPath || !chromiumPath)('dex', () => {
  test('code and PKCE, then refresh tokens that rotate, then what it cannot revoke', async () => {
    const { john, dex, options, visit, countVisits } = await atDex()
    const args = ['get-token', ...options]
    const run = john.start(args)
    const page = await visit()
    await signIn(page)
    await page.getByText('You are signed in').waitFor()
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({
      iss: dex.issuer,
      aud: 'kubernetes',
      email: 'john@example.com',
    })
    const tokens = new Set([fingerprintOf(stdout)])
    for (let refreshes = 1; refreshes <= 2; refreshes += 1) {
      const { refreshAt } = readSession(john.sessions)
      await vi.waitUntil(() => Date.now() > Number(refreshAt), { timeout: 10_000 })
      const { exitCode, stdout, stderr } = await john.run(args)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      tokens.add(fingerprintOf(stdout))
    }
    expect(tokens.size).toBe(3)
    expect(countVisits()).toBe(1)

    const logout = await john.run(['logout', `--certificate-authority=${john.caPath}`])
    expect(logout.exitCode, logout.stderr).toBe(0)
    expect(logout.stderr).toContain('the provider offers no revocation')
  })

  test('a device code', async () => {
    const { john, options, visit } = await atDex()
    const run = john.start(['get-token', ...options, '--grant-type=device-code'])
    const page = await visit()
    await page.getByRole('button', { name: 'Submit' }).click()
    await signIn(page)
    await page.getByText('Login Successful').waitFor()
    await takePicture(page, 'dex-device-approved')
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({ email: 'john@example.com' })
  })

  test('a password', async () => {
    const { john, options } = await atDex()
    const env = { KUBECTL_OIDC_LOGIN_PASSWORD: johnsAccount.password }
    const args = ['get-token', ...options, `--username=${johnsAccount.email}`]
    const { exitCode, stdout, stderr } = await john.run(args, { env })
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({ email: 'john@example.com' })
  })

  test('a second computer ends the session of the first one, which then signs in once more', async () => {
    const { john, options } = await atDex()
    const env = { KUBECTL_OIDC_LOGIN_PASSWORD: johnsAccount.password }
    const args = ['get-token', ...options, `--username=${johnsAccount.email}`]
    const first = [...args, '--token-cache-dir=~/first']
    expect((await john.run(first, { env })).exitCode).toBe(0)
    expect((await john.run([...args, '--token-cache-dir=~/second'], { env })).exitCode).toBe(0)
    expireSession(join(john.home, 'first'))
    const { exitCode, stdout, stderr } = await john.run(first, { env })
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toBe('The provider has ended the session. Signing in again.\n')
    expect(claimsOf(tokenOf(stdout))).toMatchObject({ email: 'john@example.com' })
  })
})
