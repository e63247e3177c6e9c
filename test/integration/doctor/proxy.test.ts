import { expect, test } from 'vitest'
import { createAuthority } from '../../world/certificates.ts'
import { type ConnectProxyOptions, startConnectProxy } from '../../world/connect-proxy.ts'
import { startProvider } from '../../world/provider.ts'
import { startLoopbackServer } from '../../world/provider-server.ts'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import { computer, stopped } from '../../world/world.ts'
import { examine } from './examine.ts'

/** A provider that only the proxy can find: names below .test mean nothing to a resolver. */
async function world(options: ConnectProxyOptions = {}) {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, hostname: 'sso.corp.test' }),
  )
  const proxy = stopped(await startConnectProxy(options))
  return { john, provider, proxy, args: john.options(provider.issuer) }
}

test('behind a proxy the checks go the way that requests go', async () => {
  const { john, provider, proxy, args } = await world()
  const { of } = await examine(john, args, { HTTPS_PROXY: proxy.url })
  expect(of('dns')).toMatchObject({
    verdict: 'ok',
    message: expect.stringMatching(/^The proxy localhost has the address/),
  })
  expect(of('tcp').message).toMatch(/^The proxy localhost accepts connections on port \d+\.$/)
  expect(of('proxy')).toEqual({
    name: 'proxy',
    verdict: 'ok',
    message: `The proxy ${proxy.url} opens a way to sso.corp.test.`,
  })
  expect(of('tls')).toMatchObject({ verdict: 'ok' })
  expect(of('discovery')).toMatchObject({ verdict: 'ok' })
  expect([...new Set(proxy.tunnels)]).toEqual([`sso.corp.test:${provider.port}`])
})

test('the chain of certificates is explained through the proxy, too', async () => {
  const john = await computer()
  const stranger = await createAuthority('Authority of strangers')
  const provider = stopped(
    await startScriptedProvider({ authority: stranger, hostname: 'sso.corp.test' }),
  )
  const proxy = stopped(await startConnectProxy())
  const args = [...john.options(provider.issuer), `--proxy-url=${proxy.url}`]
  const { of } = await examine(john, args)
  expect(of('tls')).toMatchObject({
    verdict: 'failed',
    remedy: expect.stringContaining('"Authority of strangers"'),
  })
})

test.each<[string, ConnectProxyOptions, RegExp, RegExp]>([
  [
    'that asks for a password',
    { credentials: { user: 'john', password: 'p-word-1' } },
    /asks for a user name and password \(status 407\)/,
    /percent-encoded/,
  ],
  ['that forbids the provider', { refuses: { status: 403 } }, /refuses/, /NO_PROXY/],
  [
    'that cannot reach it',
    { refuses: { status: 502 } },
    /answers with status 502/,
    /the proxy may/,
  ],
])('a proxy %s is to blame, not the provider', async (_, options, message, remedy) => {
  const { john, proxy, args } = await world(options)
  const { of, exitCode } = await examine(john, args, { HTTPS_PROXY: proxy.url })
  expect(of('proxy')).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(remedy),
  })
  for (const name of ['tls', 'discovery', 'features']) {
    expect(of(name)).toMatchObject({ verdict: 'skipped' })
  }
  expect(exitCode).toBe(1)
})

test('a proxy that does not answer is waited for no longer than a request', async () => {
  const { john, proxy, args } = await world({ refuses: 'hang' })
  const env = { HTTPS_PROXY: proxy.url }
  const { of } = await examine(john, [...args, '--request-timeout-sec=1'], env)
  expect(of('proxy')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('(ETIMEDOUT)'),
  })
})

test('the password of a proxy is not shown', async () => {
  const credentials = { user: 'john', password: 'p-word-1' }
  const { john, proxy, args } = await world({ credentials })
  const { of, checks } = await examine(john, args, { HTTPS_PROXY: proxy.urlWithCredentials })
  expect(of('discovery')).toMatchObject({ verdict: 'ok' })
  expect(JSON.stringify(checks).includes(credentials.password)).toBe(false)
})

test('a proxy that is not there, or not known, is told from the provider', async () => {
  const { john, args } = await world()
  const server = await startLoopbackServer(async () => undefined, {})
  await server.stop()
  const gone = await examine(john, args, { HTTPS_PROXY: server.origin })
  expect(gone.of('tcp')).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(/^The proxy localhost .*ECONNREFUSED/),
    remedy: expect.stringContaining('HTTPS_PROXY'),
  })
  const unknown = await examine(john, args, { HTTPS_PROXY: 'http://proxy.invalid:3128' })
  expect(unknown.of('dns')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('of the proxy, proxy.invalid,'),
  })
})

test('without a proxy there is nothing to try; ALL_PROXY is named as unused', async () => {
  const { john, args } = await world()
  const { of } = await examine(john, [...args, '--proxy-url=direct'], { ALL_PROXY: 'socks5://x' })
  expect(of('proxy').verdict).toBe('skipped')
  const local = await examine(john, ['--oidc-issuer-url=https://127.0.0.1:9', '--oidc-client-id=a'])
  expect(local.of('proxy')).toMatchObject({ verdict: 'skipped' })
})

test('plain http goes through the proxy without a tunnel', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ hostname: 'sso.corp.test' }))
  const proxy = stopped(await startConnectProxy())
  const args = [...john.options(provider.issuer), '--insecure-allow-http']
  const { of } = await examine(john, args, { HTTP_PROXY: proxy.url })
  expect(of('proxy')).toMatchObject({ verdict: 'ok', message: expect.stringContaining('plain') })
  expect(of('discovery')).toMatchObject({ verdict: 'ok' })
  expect(proxy.tunnels).toEqual([])
})
