import { expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { confidentialClientSecret } from '../world/provider-clients.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { readSession, sessionFiles } from '../world/sessions.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

async function world(hooks: ScriptedHooks = {}) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, hooks }))
  const getToken = [
    'get-token',
    ...john.options(provider.issuer),
    '--grant-type=client-credentials',
    '--oidc-client-secret=robot-secret',
  ]
  return { john, provider, getToken }
}

test('the client signs in by itself at a real provider, whose access tokens are opaque', async () => {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, accessTokenTtlSec: 600 }),
  )
  const args = [
    'get-token',
    ...john.options(provider.issuer),
    '--oidc-client-id=kubernetes-confidential',
    `--oidc-client-secret=${confidentialClientSecret}`,
    '--grant-type=client-credentials',
    '--oidc-use-access-token',
  ]
  const { exitCode, stdout, stderr } = await john.run(args)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(tokenOf(stdout).includes('.')).toBe(false)
  const expiresInMs = Number(readSession(john.sessions).expiresAt) - Date.now()
  expect(expiresInMs).toBeGreaterThan(500_000)
  expect(expiresInMs).toBeLessThan(601_000)
  expect(john.openedPages()).toBe(0)
})

test('extra parameters go to the token endpoint; a refresh token is not kept', async () => {
  const seen: URLSearchParams[] = []
  const { john, getToken } = await world({
    token: ({ form }, answer) => {
      seen.push(form)
      return { ...answer, refresh_token: 'not-wanted' }
    },
  })
  const args = [...getToken, '--oidc-auth-request-extra-params=audience=https://cluster']
  const { exitCode, stdout, stderr } = await john.run(args)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(seen.map((form) => form.get('audience'))).toEqual(['https://cluster'])
  expect(claimsOf(tokenOf(stdout)).sub).toBe('kubernetes')
  expect(readSession(john.sessions).refreshToken).toBeUndefined()
})

test('an expired token is replaced without a word, and a failure does not cool down', async () => {
  const { john, provider, getToken } = await world()
  provider.faults.once('token', { status: 401, body: { error: 'invalid_client' } })
  expect((await john.run(getToken)).exitCode).toBe(4)
  for (const force of [[], ['--force-refresh']]) {
    const { exitCode, stderr } = await john.run([...getToken, ...force])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  }
  const grants = provider.requests.flatMap(({ grantType }) => grantType ?? [])
  expect(grants).toEqual(['client_credentials', 'client_credentials'])
})

test('the machine and the person have a session each', async () => {
  const { john, provider, getToken } = await world()
  await john.run(getToken)
  const { stdout } = await john.run(['get-token', ...john.options(provider.issuer)])
  expect(claimsOf(tokenOf(stdout)).preferred_username).toBe('john')
  expect(sessionFiles(john.sessions)).toHaveLength(2)
})

test('a provider that gives no ID token to machines is met with the remedy', async () => {
  const { john, getToken } = await world({ token: (_, { id_token: __, ...answer }) => answer })
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode).toBe(4)
  expect(stderr).toMatch(/issued no ID token\.\n.*--oidc-use-access-token/)
  const withAccessToken = await john.run([...getToken, '--oidc-use-access-token'])
  expect(withAccessToken.exitCode).toBe(0)
})
