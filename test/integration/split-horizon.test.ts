import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { expireSession } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

/** A provider that calls itself by a name that nobody here can find, below .test; it is reached as localhost. */
async function world(hooks: ScriptedHooks = {}) {
  const john = await computer()
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hostname: 'sso.corp.test',
      certificateHosts: ['localhost'],
      hooks,
    }),
  )
  const here = `https://localhost:${provider.port}`
  const getToken = ['get-token', ...john.options(provider.issuer)]
  const discovery = `--oidc-discovery-url=${here}/.well-known/openid-configuration`
  const overrides = [
    discovery,
    `--oidc-authorization-endpoint=${here}/authorize`,
    `--oidc-token-endpoint=${here}/token`,
    `--oidc-jwks-uri=${here}/jwks`,
    `--oidc-revocation-endpoint=${here}/revoke`,
    `--oidc-end-session-endpoint=${here}/logout`,
    `--oidc-device-authorization-endpoint=${here}/device_authorization`,
  ]
  return { john, provider, here, getToken, discovery, overrides }
}

test('a provider that is elsewhere is signed in at, refreshed, and logged out from', async () => {
  const { john, provider, getToken, overrides } = await world()
  const { exitCode, stderr } = await john.run([...getToken, ...overrides])
  expect(exitCode, stderr).toBe(0)
  expect(john.openedPages()).toBe(1)
  expireSession(john.sessions)
  const refreshed = await john.run([...getToken, ...overrides])
  expect(refreshed).toMatchObject({ exitCode: 0, stderr: '' })

  const kubeconfig = join(john.home, 'config')
  const exec = { command: 'kubectl', args: ['oidc-login', ...getToken, ...overrides] }
  writeFileSync(kubeconfig, JSON.stringify({ users: [{ name: 'john', user: { exec } }] }))
  const ended = await john.run(['logout', '--local', `--kubeconfig=${kubeconfig}`])
  expect(ended.stderr).toContain('Revoked the refresh token.')
  expect(ended.stderr).toContain(`https://localhost:${provider.port}/logout`)
})

test('device codes come from the given endpoint', async () => {
  const { john, provider, getToken, overrides } = await world()
  const args = [...getToken, ...overrides, '--grant-type=device-code', '--skip-open-browser']
  const { exitCode, stderr } = await john.run(args)
  expect(exitCode, stderr).toBe(0)
  expect(provider.requests.map(({ endpoint }) => endpoint)).toContain('device_authorization')
})

test('the document elsewhere must name the issuer all the same', async () => {
  const { john, getToken, overrides } = await world({
    discovery: (document) => ({ ...document, issuer: 'https://evil.example' }),
  })
  const { exitCode, stderr } = await john.run([...getToken, ...overrides])
  expect(exitCode).toBe(3)
  expect(stderr).toMatch(/names another issuer: https:\/\/evil\.example/)
})

test('the tokens must name the issuer all the same', async () => {
  const { john, here, getToken, overrides } = await world({
    idTokenClaims: (claims) => ({ ...claims, iss: here }),
  })
  const { exitCode, stderr } = await john.run([...getToken, ...overrides])
  expect(exitCode).toBe(4)
  expect(stderr).toContain('its claim "iss" is wrong')
})

test('an endpoint that was not given is the one of the document', async () => {
  const { john, getToken, discovery } = await world()
  const { exitCode, stderr } = await john.run([
    ...getToken,
    discovery,
    '--grant-type=client-credentials',
  ])
  expect(exitCode).toBe(3)
  expect(stderr).toMatch(/https:\/\/sso\.corp\.test:\d+ cannot be reached/)
})

test.each([
  ['--oidc-token-endpoint=http://sso.example.com/token', 2],
  ['--oidc-token-endpoint=javascript:alert(1)', 2],
  ['--oidc-authorization-endpoint=file:///etc/passwd', 2],
  ['--oidc-discovery-url=sso.example.com', 2],
  ['--oidc-jwks-uri=https://john:secret@sso.example.com/', 2],
])('%s is refused before anything is sent', async (option, code) => {
  const { john, provider, getToken } = await world()
  const { exitCode, stderr } = await john.run([...getToken, option])
  expect(exitCode).toBe(code)
  expect(stderr).toContain(`The value of ${option.split('=', 1)[0]} cannot be used`)
  expect(stderr.includes('secret')).toBe(false)
  expect(provider.requests).toEqual([])
})

test('a document whose endpoints are plain http is not believed because a given one is', async () => {
  const { john, getToken, overrides } = await world({
    discovery: (document) => ({
      ...document,
      revocation_endpoint: 'http://sso.example.com/revoke',
    }),
  })
  const args = overrides.filter((option) => !option.includes('revocation'))
  const { exitCode, stderr } = await john.run([
    ...getToken,
    ...args,
    '--oidc-token-endpoint=http://127.0.0.1:9/token',
  ])
  expect(exitCode).toBe(3)
  expect(stderr).toContain('its revocation_endpoint is no URL that is https')
})
