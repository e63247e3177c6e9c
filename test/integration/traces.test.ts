import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startConnectProxy } from '../world/connect-proxy.ts'
import { startProvider } from '../world/provider.ts'
import { confidentialClientSecret } from '../world/provider-clients.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { knownSecrets } from '../world/secrets.ts'
import { expireSession } from '../world/sessions.ts'
import { type Computer, computer, fingerprintOf, stopped } from '../world/world.ts'

// Whatever the plugin prints is searched for every secret that a provider of this process has issued
// or received: see test/world/plugin.ts. Here it prints as much as it can.

/** Signs in, refreshes or signs in again, shows the session and ends it, each with a trace. */
async function wholeLife(john: Computer, options: readonly string[], level: string) {
  const getToken = ['get-token', ...options, level]
  const first = await john.run(getToken)
  expect(first.exitCode, first.stderr).toBe(0)
  expireSession(john.sessions)
  const second = await john.run(getToken)
  expect(second.exitCode, second.stderr).toBe(0)
  const cached = await john.run(getToken)
  expect(fingerprintOf(cached.stdout)).toBe(fingerprintOf(second.stdout))
  const secret = options.filter((option) => option.startsWith('--oidc-client-secret'))
  const ended = await john.run(['logout', '--local', ...secret, level])
  expect(ended.exitCode, ended.stderr).toBe(0)
  return { first: first.stderr, second: second.stderr, cached: cached.stderr, ended: ended.stderr }
}

const request = /^\S+Z POST https:\/\/\S+\/token: status 200 in \d+ ms$/m

describe('a sign-in with a secret, its refresh and its logout show no secret', () => {
  test.each([
    ['-v1', false],
    ['-v2', true],
    ['-v4', true],
    ['--v=9', true],
  ])('at %s, requests traced: %s', async (level, tracesRequests) => {
    const john = await computer()
    const provider = stopped(
      await startProvider({ authority: john.authority, refreshTokens: 'always' }),
    )
    const confidential = [
      '--oidc-client-id=kubernetes-confidential',
      `--oidc-client-secret=${confidentialClientSecret}`,
    ]
    const said = await wholeLife(john, [...john.options(provider.issuer), ...confidential], level)
    expect(request.test(said.first)).toBe(tracesRequests)
    expect(request.test(said.second)).toBe(tracesRequests)
    expect(said.first).toContain('exchanging the code for tokens')
    expect(said.second).toContain('refreshing the session')
    expect(said.cached).toMatch(/^\S+Z the session \S+ is fresh\n$/)
    // The search means something only if it knows what it looks for.
    expect(knownSecrets()).toEqual(
      expect.arrayContaining([
        'client_secret',
        'code',
        'code_verifier',
        'id_token',
        'refresh_token',
      ]),
    )
  })
})

describe('the other grants show no secret at the highest level', () => {
  const grants = {
    'device-code': { more: [], known: ['device_code'] },
    password: { more: ['--username=john', '--password=john-password'], known: ['password'] },
    'client-credentials': { more: ['--oidc-client-secret=robots-own-secret'], known: [] },
  }
  test.each(Object.entries(grants))('%s', async (grant, { more, known }) => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const options = [...john.options(provider.issuer), `--grant-type=${grant}`, ...more]
    expect((await wholeLife(john, options, '-v9')).first).toMatch(request)
    expect(knownSecrets()).toEqual(expect.arrayContaining(known))
  })

  test('a client that proves itself by an assertion', async () => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const { keyPem } = await john.authority.issue({ commonName: 'client' })
    const key = join(john.home, 'client-key.pem')
    writeFileSync(key, keyPem)
    const options = [
      ...john.options(provider.issuer),
      '--oidc-client-auth-method=private_key_jwt',
      `--oidc-client-key=${key}`,
    ]
    const run = await john.run(['get-token', ...options, '-v9'])
    expect(run.exitCode, run.stderr).toBe(0)
    expect(run.stderr).toMatch(request)
    expect(knownSecrets()).toContain('client_assertion')
  })
})

test('headers, and the credentials of a proxy, are not traced', async () => {
  const john = await computer()
  const provider = stopped(
    await startScriptedProvider({ authority: john.authority, hostname: 'sso.corp.test' }),
  )
  const credentials = { user: 'john', password: 'of-the-proxy-only' }
  const proxy = stopped(await startConnectProxy({ credentials }))
  const { exitCode, stderr } = await john.run(
    [
      'get-token',
      ...john.options(provider.issuer),
      '--oidc-request-header=x-api-key=of-the-gateway-only',
      '-v9',
    ],
    { env: { HTTPS_PROXY: proxy.urlWithCredentials } },
  )
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toMatch(request)
  expect(stderr).not.toMatch(/of-the-(?:proxy|gateway)-only/)
  expect(stderr).not.toContain(Buffer.from('john:of-the-proxy-only').toString('base64'))
})

test('a refusal that quotes the token which it refuses is told without it', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const options = john.options(provider.issuer)
  expect((await john.run(['get-token', ...options])).exitCode).toBe(0)
  expireSession(john.sessions)
  provider.hooks.token = ({ form }) => ({
    error: 'invalid_scope',
    error_description: `bad form: refresh_token=${form.get('refresh_token')}&scope=openid`,
  })
  const { exitCode, stderr } = await john.run(['get-token', ...options, '-v9'])
  expect(exitCode).toBe(4)
  expect(stderr).toContain('error: The provider refused the refresh: invalid_scope (bad form: ')
})
