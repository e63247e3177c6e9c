import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signInThroughForm } from '../world/login-driver.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

async function world(hooks: ScriptedHooks = {}) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, hooks }))
  return { john, provider, getToken: ['get-token', ...john.options(provider.issuer)] }
}

test('--oidc-request-header goes with every request to the provider', async () => {
  const { john, provider, getToken } = await world()
  const { exitCode, stderr } = await john.run([
    ...getToken,
    '--oidc-request-header=Origin=http://localhost,X-Other=1',
  ])
  expect(exitCode, stderr).toBe(0)
  const sent = provider.requests.filter(({ endpoint }) => endpoint !== 'authorization')
  expect(sent.map(({ endpoint, origin }) => ({ endpoint, origin }))).toEqual(
    ['discovery', 'jwks', 'token'].map((endpoint) => ({ endpoint, origin: 'http://localhost' })),
  )
})

test('scopes are sent in their order with openid last, and extra parameters beside them', async () => {
  const seen: URLSearchParams[] = []
  const { john, getToken } = await world({
    authorize: (redirect, query) => {
      seen.push(query)
      return redirect
    },
  })
  const { exitCode, stderr } = await john.run([
    ...getToken,
    '--oidc-extra-scope=groups,email',
    '--oidc-extra-scope=offline_access',
    '--oidc-auth-request-extra-params=claims={"id_token":{"groups":null},"x":1}',
    '--oidc-auth-request-extra-params=login_hint=john,resource=https://cluster?a=b',
  ])
  expect(exitCode, stderr).toBe(0)
  const [query] = seen
  expect(query?.get('scope')).toBe('profile groups email offline_access openid')
  expect(query?.get('claims')).toBe('{"id_token":{"groups":null},"x":1}')
  expect(query?.get('login_hint')).toBe('john')
  expect(query?.get('resource')).toBe('https://cluster?a=b')
  expect(query?.get('access_type')).toBe('offline')
})

test('the callback speaks https with a certificate of its own, and hands the browser on', async () => {
  const { john, provider, getToken } = await world()
  const { certPem, keyPem } = await john.authority.issue({ commonName: 'localhost' })
  writeFileSync(join(john.home, 'callback.crt'), certPem)
  writeFileSync(join(john.home, 'callback.key'), keyPem)
  const run = john.start([
    ...getToken,
    '--local-server-cert=~/callback.crt',
    '--local-server-key=~/callback.key',
    `--open-url-after-authentication=${provider.issuer}/welcome`,
    '--skip-open-browser',
  ])
  const [, url = ''] = await run.said(/visit this URL in your browser:\n\n {2}(\S+)\n/)
  expect(new URL(url).searchParams.get('redirect_uri')).toMatch(/^https:\/\/localhost:\d+$/)
  await signInThroughForm(url, { username: '', password: '', ca: john.authority.certPem })
  const { exitCode, stdout, stderr } = await run.ended
  expect(exitCode, stderr).toBe(0)
  expect(claimsOf(tokenOf(stdout)).preferred_username).toBe('john')
  expect(provider.requests.map(({ path }) => path)).toContain('/welcome')
})

test('a certificate of the callback without its key is refused, as kubelogin does', async () => {
  const { john, getToken } = await world()
  const { exitCode, stderr } = await john.run([...getToken, '--local-server-cert=~/callback.crt'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--local-server-cert and --local-server-key belong together')
})
