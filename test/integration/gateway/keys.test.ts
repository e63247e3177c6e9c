import { expect, onTestFinished, test } from 'vitest'
import { createAuthenticator } from '../../../src/gateway/authentication/index.ts'
import { createAuthority } from '../../world/certificates.ts'
import {
  discoveryPath,
  keysPath,
  newSigningKey,
  type TokenIssuer,
} from '../../world/token-issuer.ts'
import { type IssuerWorld, outcomeOf, startIssuerWorld } from './issuers.ts'

const invalid = '401 token_signature_invalid'
const unavailable = '503 keys_unavailable'
const second = 1000
const minute = 60 * second

/** How often the keys were asked for. */
function fetches({ issuer }: IssuerWorld): number {
  return issuer.requests.filter((path) => path === keysPath).length
}

/** Waits until keys were loaded, or not, so many times. */
async function attempts(world: IssuerWorld, count: number): Promise<void> {
  while (world.loads.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('keys are loaded at the start, before any token comes', async () => {
  const world = await startIssuerWorld()
  await attempts(world, 1)
  expect(world.loads).toEqual(['loaded'])
  expect(world.authenticator.issuers()).toEqual([
    {
      issuer: world.issuer.url,
      keysLoadedAt: world.clock.system.clock.now(),
      isFailing: false,
    },
  ])
})

test('C22 a new key is fetched when a token names it, once the cool-down is over', async () => {
  const world = await startIssuerWorld()
  expect(await world.whoIs(world.token())).toBe('john')
  const next = newSigningKey('ES256', 'next')
  world.issuer.publish(world.key.jwk, next.jwk)
  expect(await world.whoIs(world.token({}, { key: next }))).toBe(invalid)
  expect(fetches(world)).toBe(1)
  world.clock.advance(30 * second)
  expect(await world.whoIs(world.token({}, { key: next }))).toBe('john')
  expect(fetches(world)).toBe(2)
})

test('C22 a thousand tokens with names of keys that do not exist are one request', async () => {
  const world = await startIssuerWorld()
  await world.whoIs(world.token())
  world.clock.advance(30 * second)
  const tokens = Array.from({ length: 1000 }, (_, index) =>
    world.token({}, { header: { kid: `unknown-${index}` } }),
  )
  expect(new Set(await Promise.all(tokens.map(world.whoIs)))).toEqual(new Set([invalid]))
  expect(fetches(world)).toBe(2)
})

test('C22 a name that the provider does not know is not asked for again', async () => {
  const world = await startIssuerWorld()
  await world.whoIs(world.token())
  world.clock.advance(31 * second)
  const header = { kid: 'unknown' }
  expect(await world.whoIs(world.token({ jti: 'a' }, { header }))).toBe(invalid)
  world.clock.advance(31 * second)
  expect(await world.whoIs(world.token({ jti: 'b' }, { header }))).toBe(invalid)
  expect(fetches(world)).toBe(2)
  world.clock.advance(30 * second)
  expect(await world.whoIs(world.token({ jti: 'c' }, { header }))).toBe(invalid)
  expect(fetches(world)).toBe(3)
})

test('C22 wrong signatures with the name of a real key make one request in the cool-down', async () => {
  const world = await startIssuerWorld()
  await world.whoIs(world.token())
  world.clock.advance(30 * second)
  const evil = newSigningKey('ES256', 'first')
  for (let index = 0; index < 20; index += 1) {
    expect(await world.whoIs(world.token({ jti: String(index) }, { key: evil }))).toBe(invalid)
  }
  expect(fetches(world)).toBe(2)
})

test('a provider that reuses the name of a key for another one is understood', async () => {
  const world = await startIssuerWorld()
  await world.whoIs(world.token())
  const next = newSigningKey('ES256', 'first')
  world.issuer.publish(next.jwk)
  world.clock.advance(30 * second)
  expect(await world.whoIs(world.token({}, { key: next }))).toBe('john')
  expect(await world.whoIs(world.token({ jti: 'old' }))).toBe(invalid)
})

test('C26 a key that is withdrawn stops working when its time is over', async () => {
  const world = await startIssuerWorld({ settings: { cacheSeconds: 6000 } })
  const token = world.token({ exp: 9e9 })
  expect(await world.whoIs(token)).toBe('john')
  world.issuer.publish(newSigningKey('ES256', 'next').jwk)
  world.clock.advance(10 * minute)
  await attempts(world, 2)
  expect(await world.whoIs(token)).toBe(invalid)
})

test('C24 C25 the last good keys are kept while the provider fails', async () => {
  const world = await startIssuerWorld()
  expect(await world.whoIs(world.token())).toBe('john')
  const failures = [
    { status: 500 },
    { status: 302, headers: { location: `${world.issuer.url}/elsewhere` } },
    { body: '{"keys":[]}' },
    { body: '{}' },
    { body: 'not JSON' },
    { body: '<html></html>', headers: { 'content-type': 'text/html' } },
    { body: `{"keys":[${' '.repeat(1024 * 1024)}]}` },
  ]
  for (const [index, failure] of failures.entries()) {
    world.issuer.answer(keysPath, failure)
    world.clock.advance(11 * minute)
    expect(await world.whoIs(world.token({ jti: String(index) }))).toBe('john')
  }
  expect(world.authenticator.issuers()).toMatchObject([{ isFailing: true }])
  expect(world.issuer.requests).not.toContain('/elsewhere')
  world.issuer.answer(keysPath, undefined)
  world.clock.advance(2 * minute)
  expect(await world.whoIs(world.token({ jti: 'again' }))).toBe('john')
  expect(world.authenticator.issuers()).toMatchObject([{ isFailing: false }])
})

test('C24 keys that nobody could renew for a day are no longer believed', async () => {
  const world = await startIssuerWorld()
  expect(await world.whoIs(world.token())).toBe('john')
  world.issuer.answer(keysPath, { status: 500 })
  world.issuer.answer(discoveryPath, { status: 500 })
  world.clock.advance(23 * 60 * minute)
  expect(await world.whoIs(world.token())).toBe('john')
  world.clock.advance(61 * minute)
  expect(await world.whoIs(world.token())).toBe(unavailable)
})

test('a provider that is down at the start is asked again until it answers', async () => {
  const world = await startIssuerWorld({
    prepare: (issuer) => issuer.answer(discoveryPath, { status: 503 }),
  })
  expect(await world.whoIs(world.token())).toBe(unavailable)
  expect(world.authenticator.issuers()).toMatchObject([
    { keysLoadedAt: undefined, isFailing: true },
  ])
  world.clock.advance(second)
  await attempts(world, 2)
  world.issuer.answer(discoveryPath, undefined)
  world.clock.advance(2 * second)
  await attempts(world, 3)
  expect(await world.whoIs(world.token())).toBe('john')
  expect(world.loads).toEqual([
    `${world.issuer.url}${discoveryPath} answered with status 503.`,
    `${world.issuer.url}${discoveryPath} answered with status 503.`,
    'loaded',
  ])
})

test('tokens that come while keys are loaded for the first time wait for them', async () => {
  const gates: (() => void)[] = []
  const world = await startIssuerWorld({
    prepare: (issuer) => void gates.push(issuer.hold(keysPath)),
  })
  const answers = Promise.all([
    world.whoIs(world.token()),
    world.whoIs(world.token({ sub: 'jane' })),
  ])
  for (const open of gates) open()
  expect(await answers).toEqual(['john', 'jane'])
  expect(fetches(world)).toBe(1)
})

const discoveries: readonly (readonly [string, (issuer: TokenIssuer) => object])[] = [
  ['C8 another issuer', ({ url }) => ({ issuer: `${url}/`, jwks_uri: `${url}${keysPath}` })],
  ['no issuer', ({ url }) => ({ jwks_uri: `${url}${keysPath}` })],
  ['no location of keys', ({ url }) => ({ issuer: url })],
  [
    'C23 keys over plain http',
    ({ url }) => ({ issuer: url, jwks_uri: url.replace('https', 'http') }),
  ],
  [
    'C23 keys with a password',
    ({ url }) => ({ issuer: url, jwks_uri: url.replace('//', '//a:b@') }),
  ],
  ['a location that is no text', ({ url }) => ({ issuer: url, jwks_uri: [url] })],
]

test.each(discoveries)('a discovery document is refused: %s', async (_, document) => {
  const world = await startIssuerWorld({
    prepare: (issuer) => issuer.answer(discoveryPath, { body: JSON.stringify(document(issuer)) }),
  })
  expect(await world.whoIs(world.token())).toBe(unavailable)
  expect(fetches(world)).toBe(0)
})

test('C23 a redirect is not followed', async () => {
  const world = await startIssuerWorld({
    prepare: (issuer) =>
      issuer.answer(discoveryPath, { status: 301, headers: { location: `${issuer.url}/moved` } }),
  })
  expect(await world.whoIs(world.token())).toBe(unavailable)
  expect(world.issuer.requests).not.toContain('/moved')
})

test('C23 only the authority of the configuration is believed', async () => {
  const other = await createAuthority('Another authority')
  const world = await startIssuerWorld()
  const [jwt] = world.options.configuration.jwt
  if (!jwt) throw new Error('there is no provider')
  const issuer = { ...jwt.issuer, certificateAuthority: other.certPem }
  const authenticator = createAuthenticator({
    ...world.options,
    configuration: { jwt: [{ ...jwt, issuer }] },
  })
  onTestFinished(() => authenticator.close())
  expect(outcomeOf(await authenticator.authenticate(world.token()))).toBe(unavailable)
})

test('the discovery document may be somewhere else, and must name the issuer nevertheless', async () => {
  const world = await startIssuerWorld()
  const [jwt] = world.options.configuration.jwt
  if (!jwt) throw new Error('there is no provider')
  const at = (path: string): string => `${world.issuer.url}${path}`
  world.issuer.answer('/internal', {
    body: JSON.stringify({ issuer: 'https://public.example.com', jwks_uri: at(keysPath) }),
  })
  const issuer = {
    ...jwt.issuer,
    url: 'https://public.example.com',
    discoveryURL: at('/internal'),
  }
  const authenticator = createAuthenticator({
    ...world.options,
    configuration: { jwt: [{ ...jwt, issuer }] },
  })
  onTestFinished(() => authenticator.close())
  const token = world.token({ iss: 'https://public.example.com' })
  expect(outcomeOf(await authenticator.authenticate(token))).toBe('john')
  expect(outcomeOf(await authenticator.authenticate(world.token()))).toBe(
    '401 token_issuer_unknown',
  )
})

test('one provider that is down does not harm another', async () => {
  const down = await startIssuerWorld({
    prepare: (issuer) => issuer.answer(discoveryPath, { status: 500 }),
  })
  const up = await startIssuerWorld()
  const jwt = [...down.options.configuration.jwt, ...up.options.configuration.jwt]
  const authenticator = createAuthenticator({ ...up.options, configuration: { jwt } })
  onTestFinished(() => authenticator.close())
  expect(outcomeOf(await authenticator.authenticate(up.token()))).toBe('john')
  expect(outcomeOf(await authenticator.authenticate(down.token()))).toBe(unavailable)
})
