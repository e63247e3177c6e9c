import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { createAuthority, type KeyAndCertificate } from '../../world/certificates.ts'
import { startProvider } from '../../world/provider.ts'
import { startLoopbackServer } from '../../world/provider-server.ts'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import type { ScriptedHooks } from '../../world/scripted-provider-hooks.ts'
import { computer, stopped } from '../../world/world.ts'
import { examine } from './examine.ts'

async function answerNothing(_: unknown, response: ServerResponse): Promise<void> {
  response.end()
}

/** A provider that speaks plain http, because this computer is not under test, and what is said of it. */
async function examineScripted(hooks: ScriptedHooks, ...more: readonly string[]) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ hooks }))
  return {
    provider,
    examined: await examine(john, [...john.options(provider.issuer), ...more]),
  }
}

test('a good provider is fine in everything', async () => {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  const { of } = await examine(john, john.options(provider.issuer))
  for (const name of ['dns', 'tcp', 'tls', 'discovery', 'features', 'redirect-uris', 'clock']) {
    expect(of(name)).toMatchObject({ verdict: 'ok' })
  }
  expect(of('tls').message).toContain('"localhost" (issued by "Test authority"')
  expect(of('redirect-uris').message).toContain('http://localhost:PORT with any port')
  const signIns = provider.requests.filter(({ endpoint }) => endpoint === 'token')
  expect(signIns).toEqual([])
})

test('an unknown host has failed, and what needs it is skipped', async () => {
  const john = await computer()
  const { of, exitCode } = await examine(john, john.options('https://sso.invalid'))
  expect(of('dns')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('sso.invalid'),
  })
  for (const name of ['tcp', 'tls', 'discovery', 'features', 'redirect-uris', 'clock']) {
    expect(of(name)).toMatchObject({ verdict: 'skipped' })
  }
  expect(exitCode).toBe(1)
})

test('a port at which nothing listens has failed', async () => {
  const john = await computer()
  const server = await startLoopbackServer(answerNothing, {})
  await server.stop()
  const { of } = await examine(john, john.options(`https://localhost:${server.port}`))
  expect(of('tcp')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('nothing listens there (ECONNREFUSED)'),
  })
})

test('an issuer that is no issuer is named as such', async () => {
  const john = await computer()
  const { of } = await examine(john, john.options('http://sso.example.com'))
  expect(of('dns')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('it is http, not https'),
  })
})

async function examineCertificate(
  issue: (authority: Awaited<ReturnType<typeof createAuthority>>) => Promise<KeyAndCertificate>,
  ...more: readonly string[]
) {
  const john = await computer()
  const tls = await issue(john.authority)
  const server = stopped(await startLoopbackServer(answerNothing, { tls }))
  return await examine(john, [...john.options(`https://localhost:${server.port}`), ...more])
}

test('a certificate of an unknown authority is explained with its chain', async () => {
  const { of } = await examineCertificate(async () => {
    const stranger = await createAuthority('Authority of strangers')
    return await stranger.issue({ commonName: 'localhost' })
  })
  expect(of('tls')).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(
      /not trusted \(UNABLE_TO.*"localhost" \(issued by "Authority of/,
    ),
    remedy: expect.stringMatching(/"Authority of strangers" with --certificate-authority/),
  })
  expect(of('discovery').verdict).toBe('skipped')
})

test('a certificate for another name tells its names', async () => {
  const { of } = await examineCertificate((authority) =>
    authority.issue({ commonName: 'sso', hosts: ['sso.example.com'] }),
  )
  expect(of('tls')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    remedy: expect.stringContaining('DNS:sso.example.com'),
  })
})

test('a certificate near its end is a warning', async () => {
  const { of } = await examineCertificate((authority) =>
    authority.issue({ commonName: 'localhost', notAfter: new Date(Date.now() + 300_000) }),
  )
  expect(of('tls')).toMatchObject({
    verdict: 'warning',
    message: expect.stringContaining('"localhost" ends on'),
  })
})

test('an expired certificate is named', async () => {
  const { of } = await examineCertificate((authority) =>
    authority.issue({ commonName: 'localhost', notAfter: new Date(Date.now() - 60_000) }),
  )
  expect(of('tls')).toMatchObject({
    verdict: 'failed',
    remedy: expect.stringContaining('"localhost" has expired'),
  })
})

test('a self-signed certificate is named as such', async () => {
  const { of } = await examineCertificate(async () => await createAuthority('localhost'))
  expect(of('tls')).toMatchObject({
    verdict: 'failed',
    remedy: expect.stringContaining('signed its certificate itself'),
  })
})

test('a certificate that is not verified is a warning, and says what would be wrong', async () => {
  const { of } = await examineCertificate(
    async () => await createAuthority('localhost'),
    '--insecure-skip-tls-verify',
  )
  expect(of('tls')).toMatchObject({
    verdict: 'warning',
    message: expect.stringMatching(/not verified.*not trusted/),
  })
})

test('a port that does not speak TLS has failed', async () => {
  const john = await computer()
  const server = stopped(await startLoopbackServer(answerNothing, {}))
  const { of } = await examine(john, john.options(`https://localhost:${server.port}`))
  expect(of('tls')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('does not speak TLS'),
  })
})

test('plain http has no certificate to look at', async () => {
  const { examined } = await examineScripted({})
  expect(examined.of('tls')).toMatchObject({ verdict: 'skipped' })
  expect(examined.of('discovery')).toMatchObject({ verdict: 'ok' })
})

test.each<[string, ScriptedHooks['discovery'], RegExp]>([
  ['no JSON', () => ({ status: 200, body: '<h1>Hello</h1>' }), /not what a provider sends/],
  ['another issuer', (document) => ({ ...document, issuer: 'https://other' }), /another issuer/],
  ['no keys', (document) => ({ ...document, jwks_uri: undefined }), /lacks jwks_uri/],
])('a discovery document with %s has failed', async (_, discovery, message) => {
  const { examined } = await examineScripted(discovery ? { discovery } : {})
  expect(examined.of('discovery')).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(message),
  })
  expect(examined.of('features')).toMatchObject({ verdict: 'skipped' })
})

test('features that are missing are a warning, and the small ones are only named', async () => {
  const poor = await examineScripted({
    discovery: (document) => ({
      ...document,
      code_challenge_methods_supported: undefined,
      grant_types_supported: ['authorization_code'],
    }),
  })
  expect(poor.examined.of('features')).toMatchObject({
    verdict: 'warning',
    message: expect.stringMatching(/No PKCE with S256: .* No refresh tokens: /),
    remedy: expect.stringContaining('--oidc-pkce-method=S256'),
  })
  const small = await examineScripted({
    discovery: (document) => ({ ...document, end_session_endpoint: undefined }),
  })
  expect(small.examined.of('features')).toMatchObject({
    verdict: 'ok',
    message: expect.stringContaining('No sign-out in the browser: '),
  })
})

test('a redirect URI that is not registered is told by the words of the provider', async () => {
  const john = await computer()
  const redirectUris = ['http://localhost:8000/registered']
  const provider = stopped(await startProvider({ authority: john.authority, redirectUris }))
  const { of } = await examine(john, john.options(provider.issuer))
  expect(of('redirect-uris')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('redirect_uri'),
    remedy: expect.stringContaining('Register http://localhost:PORT with any port'),
  })
})

test('--oidc-redirect-url is what is asked for', async () => {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  const redirectUrl = 'http://localhost:8000/callback'
  const { of } = await examine(
    john,
    john.options(provider.issuer, `--oidc-redirect-url=${redirectUrl}`),
  )
  expect(of('redirect-uris')).toEqual({
    name: 'redirect-uris',
    verdict: 'ok',
    message: `The provider knows ${redirectUrl}.`,
  })
})

const twoAddresses = '--listen-address=127.0.0.1:8000,127.0.0.1:18000'

/** Knows one redirect URI only, as most providers do. */
function knowsOnly(known: string): ScriptedHooks {
  return {
    authorize: (redirect, query) =>
      query.get('redirect_uri') === known
        ? { ...redirect, code: undefined, error: 'login_required' }
        : { status: 400, body: '<title>x</title><p>Unregistered redirect_uri.</p>' },
  }
}

test.each<[string, ScriptedHooks, string, RegExp]>([
  ['only the first', knowsOnly('http://localhost:8000'), 'warning', /18000: Unregistered/],
  ['only the second', knowsOnly('http://localhost:18000'), 'failed', /8000: Unregistered/],
  [
    'nobody, and says so by JSON',
    { authorize: () => ({ status: 401, body: { error: 'invalid_client' } }) },
    'failed',
    /invalid_client/,
  ],
  [
    'everybody, and shows the login page to all',
    { authorize: () => ({ status: 200, body: '<form>' }) },
    'warning',
    /does not tell/,
  ],
  [
    'the URI, but not the scope',
    { authorize: (redirect) => ({ ...redirect, code: undefined, error: 'invalid_scope' }) },
    'failed',
    /invalid_scope/,
  ],
])('a provider that knows %s gets its verdict', async (_, hooks, verdict, message) => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ hooks }))
  const options = john
    .options(provider.issuer)
    .filter((option) => !option.startsWith('--listen-address'))
  const { of } = await examine(john, [...options, twoAddresses])
  expect(of('redirect-uris')).toMatchObject({
    verdict,
    message: expect.stringMatching(message),
    remedy: expect.any(String),
  })
})

test('a provider that shows its login page to those that it knows is understood', async () => {
  const { examined } = await examineScripted({
    authorize: (_, query) =>
      query.get('redirect_uri')?.endsWith('/nobody-has-registered-this')
        ? { status: 400, body: 'Unregistered redirect_uri' }
        : { status: 200, body: '<form>' },
  })
  expect(examined.of('redirect-uris')).toMatchObject({ verdict: 'ok' })
})

test.each([
  [-20_000, 'warning', /2\d seconds ahead|19 seconds ahead/],
  [600_000, 'failed', /\d{3} seconds behind/],
])(
  'a clock of the provider that is off by %i ms gets its verdict',
  async (skewMs, verdict, says) => {
    const { examined } = await examineScripted({
      discovery: (body) => ({
        status: 200,
        headers: { date: new Date(Date.now() + skewMs).toUTCString() },
        body,
      }),
    })
    expect(examined.of('clock')).toMatchObject({ verdict, message: expect.stringMatching(says) })
  },
)
