import { beforeAll, describe, expect, test } from 'vitest'
import { john as johnsAccount } from '../../world/provider-accounts.ts'
import { readSession, sessionFiles } from '../../world/sessions.ts'
import { chromiumPath, takePicture } from '../browser.ts'
import { type AtKeycloak, atKeycloak } from './at-keycloak.ts'
import { keycloakHome, sharedKeycloak } from './index.ts'
import { asksForPassword, signIn } from './pages.ts'

/** John has signed in with his browser, which Keycloak remembers. */
async function signedIn(...more: readonly string[]) {
  const at: AtKeycloak = await atKeycloak()
  const args = ['get-token', ...at.options(...more)]
  const run = at.john.start(args)
  await signIn(await at.visit())
  const { exitCode, stderr } = await run.ended
  expect(exitCode, stderr).toBe(0)
  return { ...at, args, refreshToken: String(readSession(at.john.sessions).refreshToken) }
}

describe.skipIf(!keycloakHome || !chromiumPath)('logging out at Keycloak', () => {
  beforeAll(async () => void (await sharedKeycloak()))

  test('without a logout, the browser is not asked for the password again', async () => {
    const { john, args, visit } = await signedIn()
    expect((await john.run(['clean'])).exitCode).toBe(0)
    const run = john.start(args)
    await (await visit()).getByText('You are signed in').waitFor()
    expect((await run.ended).exitCode).toBe(0)
  })

  test.each([
    ['a session of the browser', []],
    ['an offline session', ['--oidc-extra-scope=offline_access']],
  ])('logout ends %s everywhere', async (_, more) => {
    const { john, realm, options, args, visit, refreshToken } = await signedIn(...more)
    const run = john.start(['logout', ...options().filter((option) => logoutTakes(option))])
    const page = await visit()
    await page.getByRole('heading', { name: 'You are logged out' }).waitFor()
    await takePicture(page, 'keycloak-logged-out')
    const { exitCode, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('Revoked the refresh token.')
    expect(await realm.countEvents('REVOKE_GRANT')).toBe(1)
    expect(stderr).toContain('Opened your browser to end the session at the provider.')

    expect(sessionFiles(john.sessions)).toEqual([])
    expect(await realm.countSessions(johnsAccount)).toBe(0)
    const refused = await realm.requestToken({
      grant_type: 'refresh_token',
      client_id: 'kubernetes',
      refresh_token: refreshToken,
    })
    expect(refused.status).toBe(400)
    expect(Object(refused.json).error).toBe('invalid_grant')

    john.start(args)
    expect(await asksForPassword(await visit())).toBe(true)
  })
})

function logoutTakes(option: string): boolean {
  return /^--(oidc-issuer-url|oidc-client-id|certificate-authority|browser-command)=/.test(option)
}
