import { expect, onTestFinished, test } from 'vitest'
import { discoveryPath, keysPath } from '../../world/token-issuer.ts'
import { outcomeOf, startIssuerWorld } from './issuers.ts'

const fiveMinutes = 5 * 60_000

test('C29 a token that was verified a moment ago is known, and the same identity comes back', async () => {
  const { authenticator, token } = await startIssuerWorld()
  const one = token()
  const first = await authenticator.authenticate(one)
  const again = await authenticator.authenticate(one)
  if (first.kind !== 'authenticated' || again.kind !== 'authenticated') throw new Error('refused')
  expect(again.identity).toBe(first.identity)
})

test('C29 a token is never known beyond its expiry', async () => {
  const { whoIs, token, clock } = await startIssuerWorld({ settings: { cacheSeconds: 600 } })
  const now = clock.system.clock.now() / 1000
  const one = token({ exp: now + 5 })
  expect(await whoIs(one)).toBe('john')
  clock.advance(4999)
  expect(await whoIs(one)).toBe('john')
  clock.advance(1)
  expect(await whoIs(one)).toBe('401 token_expired')
})

test('C29 what is known is forgotten after a while, and when there is too much of it', async () => {
  const { authenticator, token, clock } = await startIssuerWorld({ settings: { cacheEntries: 2 } })
  async function identityOf(raw: string) {
    const verdict = await authenticator.authenticate(raw)
    if (verdict.kind !== 'authenticated') throw new Error('refused')
    return verdict.identity
  }
  const [one, two, three] = [token(), token({ jti: '2' }), token({ jti: '3' })]
  const first = await identityOf(one)
  const second = await identityOf(two)
  expect(await identityOf(one)).toBe(first)
  await identityOf(three)
  expect(await identityOf(one)).toBe(first)
  expect(await identityOf(two)).not.toBe(second)
  clock.advance(10_000)
  expect(await identityOf(one)).not.toBe(first)
})

test('C29 a refusal is not remembered', async () => {
  const { whoIs, token, clock } = await startIssuerWorld()
  const early = token({ nbf: clock.system.clock.now() / 1000 + 61, exp: 9e9 })
  expect(await whoIs(early)).toBe('401 token_not_yet_valid')
  clock.advance(1000)
  expect(await whoIs(early)).toBe('john')
})

test('C29 a burst of requests with one token is one verification', async () => {
  const { authenticator, token } = await startIssuerWorld()
  const one = token()
  const verdicts = await Promise.all(
    Array.from({ length: 100 }, () => authenticator.authenticate(one)),
  )
  const identities = verdicts.map((verdict) =>
    verdict.kind === 'authenticated' ? verdict.identity : undefined,
  )
  expect(new Set(identities).size).toBe(1)
  expect(identities[0]?.user.username).toBe('john')
})

test('another configuration keeps the keys, and knows no token', async () => {
  const world = await startIssuerWorld()
  const { authenticator, issuer, token, options, whoIs } = world
  const one = token()
  expect(await whoIs(one)).toBe('john')
  issuer.answer(discoveryPath, { status: 500 })
  issuer.answer(keysPath, { status: 500 })
  const rule = { expression: "user.username != 'john'", message: '' }
  const jwt = options.configuration.jwt.map((item) => ({ ...item, userValidationRules: [rule] }))
  const next = authenticator.reconfigured({ ...options, configuration: { jwt } })
  onTestFinished(() => next.close())
  expect(outcomeOf(await next.authenticate(one))).toBe('401 user_refused')
  expect(await whoIs(one)).toBe('john')
  authenticator.close()
  expect(outcomeOf(await next.authenticate(token({ sub: 'jane' })))).toBe('jane')
  expect(issuer.requests.filter((path) => path === keysPath)).toHaveLength(1)
})

test('keys that another authenticator uses go on being renewed after close', async () => {
  const { authenticator, options, loads, clock } = await startIssuerWorld()
  const next = authenticator.reconfigured(options)
  onTestFinished(() => next.close())
  while (loads.length < 1) await new Promise((resolve) => setTimeout(resolve, 5))
  authenticator.close()
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(fiveMinutes)
  while (loads.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(loads).toEqual(['loaded', 'loaded'])
})

test('after close nobody is asked for keys any more', async () => {
  const { authenticator, loads, clock, issuer } = await startIssuerWorld()
  while (loads.length < 1) await new Promise((resolve) => setTimeout(resolve, 5))
  authenticator.close()
  const before = issuer.requests.length
  clock.advance(60 * 60_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(issuer.requests).toHaveLength(before)
})
