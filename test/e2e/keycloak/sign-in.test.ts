import { beforeAll, describe, expect, test } from 'vitest'
import { claimsOf, tokenOf } from '../../world/world.ts'
import { chromiumPath, takePicture } from '../browser.ts'
import { clusterOf, kubectlPath } from '../kubectl.ts'
import { atKeycloak } from './at-keycloak.ts'
import { confidentialSecret, keycloakHome, sharedKeycloak } from './index.ts'
import { signIn } from './pages.ts'

describe.skipIf(!keycloakHome || !chromiumPath)('signing in at Keycloak in Chromium', () => {
  beforeAll(async () => void (await sharedKeycloak()))

  test('code and PKCE, then silence', async () => {
    const { john, realm, options, visit, countVisits } = await atKeycloak()
    const run = john.start(['get-token', ...options()])
    const page = await visit()
    expect(new URL(page.url()).searchParams.get('code_challenge_method')).toBe('S256')
    await takePicture(page, 'keycloak-login-form')
    await signIn(page)
    await page.getByText('You are signed in').waitFor()
    await takePicture(page, 'keycloak-signed-in')
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout))).toMatchObject({
      iss: realm.issuer,
      aud: 'kubernetes',
      preferred_username: 'john',
      groups: ['developers'],
    })
    const again = await john.run(['get-token', ...options()])
    expect({ ...again, stdout: again.stdout === stdout }).toEqual({
      exitCode: 0,
      stdout: true,
      stderr: '',
    })
    expect(countVisits()).toBe(1)
    expect(await realm.countEvents('LOGIN')).toBe(1)
    expect(await realm.countEvents('CODE_TO_TOKEN')).toBe(1)
  })

  test('a confidential client', async () => {
    const { john, options, visit } = await atKeycloak()
    const client = '--oidc-client-id=kubernetes-confidential'
    const env = { KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET: confidentialSecret }
    const run = john.start(['get-token', ...options(client)], { env })
    await signIn(await visit())
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout)).aud).toBe('kubernetes-confidential')
  })

  test('without PKCE, which this client demands, the page and the terminal say why not', async () => {
    const { john, options, visit } = await atKeycloak()
    const run = john.start(['get-token', ...options('--oidc-pkce-method=no')])
    const page = await visit()
    await page.getByText('Missing parameter: code_challenge_method').waitFor()
    await takePicture(page, 'keycloak-refused')
    const { exitCode, stdout, stderr } = await run.ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(stderr).toContain('Missing parameter: code_challenge_method')
    expect(stderr).toContain('give --oidc-pkce-method=S256')
  })

  test.skipIf(!kubectlPath)(
    'kubectl get svc, with a token that the API server accepts',
    async () => {
      const { john, realm, options, visit } = await atKeycloak()
      const { issuer, caPem } = realm
      const { start, kubectl } = await clusterOf(john, { issuer, caPem, options: options() })
      const run = start('get', 'svc')
      await signIn(await visit())
      const { exitCode, stdout, stderr } = await run.ended
      expect(exitCode, stderr).toBe(0)
      expect(stdout).toMatch(/^kubernetes +ClusterIP /m)
      expect(await kubectl('get', 'pods')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('User "john" cannot list resource "pods"'),
      })
    },
  )
})
