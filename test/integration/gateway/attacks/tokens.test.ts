import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Attacked, attackedGateway } from '../../../world/gateway/attacked.ts'
import { withLines } from '../../../world/gateway/requests.ts'
import { base64url, newSigningKey, signatureOf } from '../../../world/token-issuer.ts'

const gateway = attackedGateway()
const now = Math.floor(Date.now() / 1000)
const stranger = newSigningKey('ES256', 'first')

/** A token that is signed by nobody, or otherwise. */
function forged({ token }: Attacked, header: object, sign: (input: string) => string): string {
  const [, body] = token().split('.')
  const input = `${base64url(JSON.stringify({ kid: 'first', ...header }))}.${body}`
  return `${input}.${sign(input)}`
}

test.each<[string, (world: Attacked) => string]>([
  ['C1 none', (world) => forged(world, { alg: 'none' }, () => '')],
  ['C1 nOnE', (world) => forged(world, { alg: 'nOnE' }, () => 'AA')],
  [
    'C2 HS256 with the public key',
    (world) =>
      forged(world, { alg: 'HS256' }, (input) =>
        createHmac('sha256', world.key.publicPem).update(input).digest('base64url'),
      ),
  ],
  ['C3 another key of the same name', ({ token }) => token({}, {}, stranger)],
  [
    'C4 a signature by another curve',
    (world) => {
      const other = newSigningKey('ES384', 'first')
      return forged(world, { alg: 'ES256' }, (input) => signatureOf(other, input))
    },
  ],
  ['C5 five parts', ({ token }) => `${token()}.x.y`],
  ['C5 a critical extension', ({ token }) => token({}, { crit: ['exp'] })],
  ['C5 an unencoded payload', ({ token }) => token({}, { b64: false, crit: ['b64'] })],
  ['C6 a key of its own', ({ token }) => token({}, { jwk: stranger.jwk }, stranger)],
  ['C7 a padded part', ({ token }) => `${token()}=`],
  ['C8 an issuer with a slash', (world) => world.token({ iss: `${world.issuer.url}/` })],
  ['C8 another issuer', ({ token }) => token({ iss: 'https://evil.example.com' })],
  ['C8 no issuer', ({ token }) => token({ iss: undefined })],
  ['C9 another audience', ({ token }) => token({ aud: 'other' })],
  ['C9 no audience', ({ token }) => token({ aud: undefined })],
  ['C9 an empty list', ({ token }) => token({ aud: [] })],
  ['C9 a nested audience', ({ token }) => token({ aud: [['kubernetes']] })],
  ['C10 several audiences and no azp', ({ token }) => token({ aud: ['kubernetes', 'x'] })],
  ['C11 an end in the past', ({ token }) => token({ exp: now - 1 })],
  ['C11 no end', ({ token }) => token({ exp: undefined })],
  ['C11 an end as text', ({ token }) => token({ exp: '9999999999' })],
  ['C12 a beginning in the future', ({ token }) => token({ nbf: now + 300 })],
  ['C13 made in the future', ({ token }) => token({ iat: now + 300 })],
  ['C14 an access token', ({ token }) => token({}, { typ: 'at+jwt' })],
  ['C14 a refresh token of Keycloak', ({ token }) => token({ typ: 'Refresh' })],
  ['C14 a logout token', ({ token }) => token({ events: {} })],
  ['C15 a number as the name', ({ token }) => token({ preferred_username: 7 })],
  ['C15 a list as the name', ({ token }) => token({ preferred_username: ['john'] })],
  ['C15 groups that are not text', ({ token }) => token({ groups: ['a', 1] })],
  ['C15 groups in groups', ({ token }) => token({ groups: [['system:masters']] })],
  [
    'C16 a name in the prototype',
    ({ token }) =>
      token({ preferred_username: undefined, ['__proto__']: { preferred_username: 'admin' } }),
  ],
  ['C19 a name that stands twice', (world) => twice(world)],
  ['C20 nesting without end', (world) => nested(world)],
  ['C27 a name that no key has', ({ token }) => token({}, { kid: 'other' })],
  [
    'C28 a source of claims elsewhere',
    ({ token }) =>
      token({
        preferred_username: undefined,
        _claim_names: { preferred_username: 's' },
        _claim_sources: { s: { endpoint: 'https://127.0.0.1:1/' } },
      }),
  ],
])('%s: the token is refused, and nothing arrives', async (_, make) => {
  const token = make(gateway())
  const bytes = withLines('GET /api/v1/pods', 'Host: x', `Authorization: Bearer ${token}`)
  const answer = await gateway().expectRefused(bytes, 401)
  expect(answer?.values('www-authenticate')).toHaveLength(1)
})

function twice({ issuer, key }: Attacked): string {
  const head = base64url(JSON.stringify({ alg: 'ES256', kid: 'first' }))
  const claims = `{"iss":"${issuer.url}","aud":"kubernetes","sub":"s","exp":${now + 600},"preferred_username":"john","preferred_username":"admin"}`
  const input = `${head}.${base64url(claims)}`
  return `${input}.${signatureOf(key, input)}`
}

function nested({ key }: Attacked): string {
  const head = base64url(JSON.stringify({ alg: 'ES256', kid: 'first' }))
  const input = `${head}.${base64url('['.repeat(40_000))}`
  return `${input}.${signatureOf(key, input)}`
}

test('C21 a token of 100 KiB is refused before anything is done', async () => {
  const bytes = withLines('GET /api', 'Host: x', `Authorization: Bearer ${'a'.repeat(100_000)}`)
  await gateway().expectRefused(bytes, 431)
})

test('C22 tokens with keys that do not exist ask the provider at most once', async () => {
  const { issuer, token, connect, expectRefused } = gateway()
  const before = issuer.requests.length
  const asking = (keyId: string): string =>
    withLines('GET /api', 'Host: x', `Authorization: Bearer ${token({}, { kid: keyId })}`)
  const client = await connect()
  client.write(Array.from({ length: 30 }, (_, at) => asking(`k${at}`)).join(''))
  for (let count = 0; count < 30; count += 1) expect((await client.response()).status).toBe(401)
  await expectRefused(asking('last'), 401)
  expect(issuer.requests.length - before).toBeLessThanOrEqual(2)
})
