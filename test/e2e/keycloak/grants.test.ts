import { beforeAll, describe, expect, test } from 'vitest'
import { claimsOf, tokenOf } from '../../world/world.ts'
import { chromiumPath, takePicture } from '../browser.ts'
import { atKeycloak } from './at-keycloak.ts'
import { confidentialSecret, keycloakHome, mallory, sharedKeycloak } from './index.ts'
import { signIn } from './pages.ts'

const password = (value: string) => ({ env: { KUBECTL_OIDC_LOGIN_PASSWORD: value } })

describe.skipIf(!keycloakHome || !chromiumPath)('the other grants at Keycloak', () => {
  beforeAll(async () => void (await sharedKeycloak()))

  test('a device code that is approved in Chromium', async () => {
    const { john, realm, options, visit } = await atKeycloak()
    const run = john.start(['get-token', ...options('--grant-type=device-code')])
    const page = await visit()
    await signIn(page)
    const yes = page.getByRole('button', { name: 'Yes' })
    await yes.waitFor()
    await takePicture(page, 'keycloak-device-approval')
    await yes.click()
    await page.getByText('Device Login Successful').waitFor()
    await takePicture(page, 'keycloak-device-approved')
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({ preferred_username: 'john' })
    expect(await realm.countEvents('OAUTH2_DEVICE_CODE_TO_TOKEN')).toBe(1)
  })

  test('a device code that is refused in Chromium', async () => {
    const { john, options, visit } = await atKeycloak()
    const run = john.start(['get-token', ...options('--grant-type=device-code')])
    const page = await visit()
    await signIn(page)
    await page.getByRole('button', { name: 'No' }).click()
    const { exitCode, stdout, stderr } = await run.ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(stderr).toContain('access_denied')
  })

  test('a password', async () => {
    const { john, options, countVisits } = await atKeycloak()
    const args = ['get-token', ...options('--username=john')]
    const { exitCode, stdout, stderr } = await john.run(args, password('john-password'))
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({ preferred_username: 'john' })
    expect(countVisits()).toBe(0)
  })

  test('a wrong password', async () => {
    const { john, options } = await atKeycloak()
    const args = ['get-token', ...options('--username=john')]
    const { exitCode, stdout, stderr } = await john.run(args, password('jane-password'))
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(stderr).toContain('Invalid user credentials')
  })

  test("a client's own credentials", async () => {
    const { john, options } = await atKeycloak()
    const machine = ['--grant-type=client-credentials', '--oidc-use-access-token']
    const client = '--oidc-client-id=kubernetes-confidential'
    const { exitCode, stdout, stderr } = await john.run(
      ['get-token', ...options(client, ...machine)],
      { env: { KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET: confidentialSecret } },
    )
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({
      aud: expect.arrayContaining(['kubernetes']),
      preferred_username: 'service-account-kubernetes-confidential',
    })
  })

  test('Mallory gets what she has chosen: it is for the API server to distrust it', async () => {
    const { john, realm, options } = await atKeycloak()
    const args = ['get-token', ...options('--username=mallory')]
    const { exitCode, stdout, stderr } = await john.run(args, password(mallory.password))
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({
      sub: realm.subjectOf(mallory),
      preferred_username: 'mallory',
      given_name: 'john',
      groups: ['system:masters'],
    })
  })
})
