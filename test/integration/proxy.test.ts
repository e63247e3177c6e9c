import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ConnectProxyOptions, startConnectProxy } from '../world/connect-proxy.ts'
import { startProvider } from '../world/provider.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { expireSession, sessionFiles } from '../world/sessions.ts'
import { computer, fingerprintOf, stopped } from '../world/world.ts'

const credentials = { user: 'john@corp', password: 'p%:/ä-word' }

/** A provider that only the proxy can find: names below .test mean nothing to a resolver. */
async function world(options: ConnectProxyOptions = {}, overTls = false) {
  const john = await computer()
  const provider = stopped(
    await startProvider({
      authority: john.authority,
      hostname: 'sso.corp.test',
      refreshTokens: 'always',
    }),
  )
  const tls = overTls ? { authority: john.authority } : {}
  const proxy = stopped(await startConnectProxy({ ...options, ...tls }))
  const getToken = ['get-token', ...john.options(provider.issuer)]
  return { john, provider, proxy, getToken, target: `sso.corp.test:${provider.port}` }
}

describe('a sign-in goes through the proxy', () => {
  test.each([
    ['HTTPS_PROXY', false],
    ['https_proxy', false],
    ['HTTPS_PROXY', true],
  ])('that %s names, over TLS: %s', async (name, overTls) => {
    const { john, proxy, getToken, target } = await world({}, overTls)
    const env = { [name]: proxy.url }
    const { exitCode, stderr, stdout } = await john.run(getToken, { env })
    expect(exitCode, stderr).toBe(0)
    expect(fingerprintOf(stdout)).toBeTruthy()
    expect([...new Set(proxy.tunnels)]).toEqual([target])
    expect(proxy.tunnels.length).toBeGreaterThanOrEqual(2)
  })

  test.each([false, true])('with a user name and password, over TLS: %s', async (overTls) => {
    const { john, proxy, getToken, target } = await world({ credentials }, overTls)
    const env = { HTTPS_PROXY: proxy.urlWithCredentials }
    const { exitCode, stderr } = await john.run([...getToken, '-v2'], { env })
    expect(exitCode, stderr).toBe(0)
    expect([...new Set(proxy.tunnels)]).toEqual([target])
  })

  test('and so do its refresh and its logout', async () => {
    const { john, proxy, getToken } = await world()
    const env = { HTTPS_PROXY: proxy.url }
    await john.run(getToken, { env })
    expireSession(john.sessions)
    const before = proxy.tunnels.length
    const refreshed = await john.run(getToken, { env })
    expect(refreshed.exitCode, refreshed.stderr).toBe(0)
    expect(proxy.tunnels.length).toBeGreaterThan(before)
    const ended = await john.run(['logout', '--local', `--proxy-url=${proxy.url}`])
    expect(ended.stderr).toContain('Revoked the refresh token.')
  })

  test('with plain http, too, which names the whole target to the proxy', async () => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ hostname: 'sso.corp.test' }))
    const proxy = stopped(await startConnectProxy({ credentials }))
    const { exitCode, stderr } = await john.run(
      ['get-token', ...john.options(provider.issuer), '--insecure-allow-http'],
      { env: { HTTP_PROXY: proxy.urlWithCredentials, HTTPS_PROXY: 'http://127.0.0.1:9' } },
    )
    expect(exitCode, stderr).toBe(0)
    expect(proxy.plainRequests).toContain(`${provider.issuer}/token`)
    expect(proxy.tunnels).toEqual([])
    expect(provider.requests.length).toBeGreaterThan(2)
  })
})

test('the certificate of the client is shown to the provider, not to the proxy', async () => {
  const { john, proxy, getToken } = await world({}, true)
  const own = await john.authority.issue({ commonName: 'john', client: true })
  const certificate = join(john.home, 'own.pem')
  const key = join(john.home, 'own-key.pem')
  writeFileSync(certificate, own.certPem)
  writeFileSync(key, own.keyPem)
  const { exitCode, stderr } = await john.run(
    [
      ...getToken,
      `--oidc-client-certificate=${certificate}`,
      `--oidc-client-certificate-key=${key}`,
    ],
    { env: { HTTPS_PROXY: proxy.url } },
  )
  expect(exitCode, stderr).toBe(0)
  expect(proxy.tunnels.length).toBeGreaterThan(0)
  expect(proxy.clientNames).toEqual([])
})

describe('which way is taken', () => {
  test('--proxy-url beats the environment and NO_PROXY', async () => {
    const { john, proxy, getToken } = await world()
    const env = { https_proxy: 'http://127.0.0.1:9', NO_PROXY: '*' }
    const { exitCode, stderr } = await john.run([...getToken, `--proxy-url=${proxy.url}`], { env })
    expect(exitCode, stderr).toBe(0)
    expect(proxy.tunnels.length).toBeGreaterThan(0)
  })

  test('the environment variable of --proxy-url keeps its password out of ps', async () => {
    const { john, proxy, getToken } = await world({ credentials })
    const env = { KUBECTL_OIDC_LOGIN_PROXY_URL: proxy.urlWithCredentials }
    const { exitCode, stderr } = await john.run(getToken, { env })
    expect(exitCode, stderr).toBe(0)
  })

  test.each([
    ['--proxy-url=', {}],
    ['--proxy-url=direct', {}],
    ['-v1', { NO_PROXY: '.corp.test' }],
    ['-v1', { no_proxy: 'corp.test', NO_PROXY: 'other.test' }],
  ])('%s and %j go around the proxy', async (option, more) => {
    const { john, proxy, getToken } = await world()
    const env = { HTTPS_PROXY: proxy.url, ...more }
    const { exitCode, stderr } = await john.run([...getToken, option], { env })
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/sso\.corp\.test:\d+ cannot be reached/)
    expect(proxy.tunnels).toEqual([])
  })

  test('a provider on this computer is never sent to a proxy', async () => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const proxy = stopped(await startConnectProxy())
    const { exitCode, stderr } = await john.run(
      ['get-token', ...john.options(provider.issuer), `--proxy-url=${proxy.url}`],
      { env: { HTTPS_PROXY: proxy.url } },
    )
    expect(exitCode, stderr).toBe(0)
    expect(proxy.tunnels).toEqual([])
  })
})

describe('a proxy that fails is told apart from the provider', () => {
  const refusals: readonly [string, ConnectProxyOptions, RegExp][] = [
    ['407', { credentials }, /proxy http:\/\/localhost:\d+ asks for a user name and password/],
    ['403', { refuses: { status: 403 } }, /refuses a connection to https:\/\/sso.*\(status 403\)/],
    ['502', { refuses: { status: 502 } }, /cannot be reached: the proxy http.* with status 502/],
    [
      'an answer that looks like one of the provider',
      { refuses: { status: 400, body: '{"error":"invalid_grant"}' } },
      /proxy .* refuses a connection .*\(status 400\)/,
    ],
  ]

  test.each(refusals)('%s', async (_, options, says) => {
    const { john, proxy, provider, getToken } = await world(options)
    const { exitCode, stdout, stderr } = await john.run(getToken, {
      env: { HTTPS_PROXY: proxy.url },
    })
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 3, stdout: '' })
    expect(stderr).toMatch(says)
    expect(provider.requests).toEqual([])
  })

  test('a wrong password', async () => {
    const { john, proxy, getToken } = await world({ credentials })
    const url = proxy.url.replace('//', '//john:wrong-password-1@')
    const { exitCode, stderr } = await john.run([...getToken, `--proxy-url=${url}`, '-v2'])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/does not accept the given user name and password.*\n.*Basic/)
  })

  test('nothing listens there', async () => {
    const { john, proxy, getToken } = await world()
    await proxy.stop()
    const url = proxy.url.replace('//', '//john:some-password-1@')
    const { exitCode, stderr } = await john.run(getToken, { env: { HTTPS_PROXY: url } })
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/The proxy http:\/\/localhost:\d+ cannot be reached \(nothing listens/)
    expect(stderr).toContain('--proxy-url=direct')
  })

  test('it does not answer: the deadline ends it', async () => {
    const { john, proxy, getToken } = await world({ refuses: 'hang' })
    const { exitCode, stderr } = await john.run([...getToken, '--request-timeout-sec=1'], {
      env: { HTTPS_PROXY: proxy.url },
    })
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/did not answer through the proxy http:\/\/localhost:\d+ within 1 sec/)
  })

  test('its certificate is not trusted', async () => {
    const { john, getToken } = await world()
    const stranger = await computer()
    const proxy = stopped(await startConnectProxy({ authority: stranger.authority }))
    const { exitCode, stderr } = await john.run(getToken, { env: { HTTPS_PROXY: proxy.url } })
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/The proxy https:.*\(its certificate is not trusted/)
    expect(proxy.tunnels).toEqual([])
  })

  test('a refresh through it fails, and the session is kept', async () => {
    const { john, proxy, getToken } = await world()
    await john.run(getToken, { env: { HTTPS_PROXY: proxy.url } })
    expireSession(john.sessions)
    const refusing = stopped(
      await startConnectProxy({ refuses: { status: 400, body: '{"error":"invalid_grant"}' } }),
    )
    const { exitCode } = await john.run(getToken, { env: { HTTPS_PROXY: refusing.url } })
    expect(exitCode).toBe(3)
    expect(sessionFiles(john.sessions)).toHaveLength(1)
    expect(john.openedPages()).toBe(1)
  })

  test.each([
    ['http://john:hidden-password@', 'is not a URL'],
    ['gopher://john:hidden-password@proxy:1', 'names a gopher proxy'],
    [
      'http://john:hidden%password@proxy',
      'has a user name or password that is not percent-encoded',
    ],
  ])('a URL that cannot be used is not quoted', async (url, says) => {
    const { john, getToken } = await world()
    const { exitCode, stderr } = await john.run([...getToken, '-v2'], { env: { https_proxy: url } })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`The environment variable https_proxy ${says}`)
    expect(stderr).not.toMatch(/hidden/)
  })
})
