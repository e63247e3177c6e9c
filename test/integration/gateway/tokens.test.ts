import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { base64url, newSigningKey, signatureOf, signToken } from '../../world/token-issuer.ts'
import { startIssuerWorld } from './issuers.ts'

test.each(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'])(
  'a token signed with %s is believed',
  async (algorithm) => {
    const settings = { signingAlgorithms: [algorithm] }
    const { authenticator, issuer, token, clock } = await startIssuerWorld({ algorithm, settings })
    const now = clock.system.clock.now()
    expect(await authenticator.authenticate(token({ groups: ['dev'], jti: 'id-1' }))).toEqual({
      kind: 'authenticated',
      identity: {
        issuer: issuer.url,
        tokenId: 'id-1',
        expiresAt: now + 600_000,
        user: {
          username: 'john',
          uid: '',
          groups: ['dev'],
          extra: new Map([['authentication.kubernetes.io/credential-id', ['JTI=id-1']]]),
        },
      },
    })
  },
)

const invalid = '401 token_signature_invalid'
const malformed = '401 token_malformed'

test.each(['none', 'None', 'nOnE', ''])('C1 the algorithm %j is refused', async (alg) => {
  const { whoIs, token, issuer, key } = await startIssuerWorld()
  expect(await whoIs(token({}, { header: { alg } }))).toBe(invalid)
  const claims = JSON.stringify({ iss: issuer.url, aud: 'kubernetes', sub: 'john', exp: 9e9 })
  const unsigned = `${base64url(JSON.stringify({ alg, kid: key.keyId }))}.${base64url(claims)}.`
  expect(await whoIs(unsigned)).toBe(malformed)
})

test('C1 an algorithm that the configuration does not list is refused', async () => {
  const settings = { signingAlgorithms: ['RS256'] }
  const { whoIs, token } = await startIssuerWorld({ settings })
  expect(await whoIs(token())).toBe(invalid)
})

test.each(['HS256', 'HS384', 'HS512'])('C2 %s with the public key as the secret', async (alg) => {
  const { whoIs, token, key } = await startIssuerWorld({
    algorithm: 'RS256',
    settings: { signingAlgorithms: ['RS256', alg] },
  })
  const secrets = [key.publicPem, key.publicPem.trim(), String(key.jwk.n)]
  for (const secret of secrets) {
    const [head, body] = token({}, { header: { alg } }).split('.')
    const mac = createHmac(`sha${alg.slice(2)}`, secret).update(`${head}.${body}`)
    expect(await whoIs(`${head}.${body}.${mac.digest('base64url')}`)).toBe(invalid)
  }
})

test.each([
  ['C3 for encryption', { use: 'enc' }],
  ['C3 for other operations', { key_ops: ['encrypt'] }],
  ['C3 for another algorithm', { alg: 'ES384' }],
])('a key %s verifies nothing', async (_, change) => {
  const { whoIs, token } = await startIssuerWorld({
    prepare: (issuer) => issuer.publish({ ...newSigningKey('ES256', 'other').jwk }),
  })
  const world = await startIssuerWorld()
  world.issuer.publish({ ...world.key.jwk, ...change }, newSigningKey('ES384', 'spare').jwk)
  expect(await whoIs(token())).toBe(invalid)
  expect(await world.whoIs(world.token())).toBe(invalid)
})

test('C4 ES256 with a key on P-384 is refused', async () => {
  const wrong = newSigningKey('ES384', 'first')
  const { whoIs, token } = await startIssuerWorld({
    settings: { signingAlgorithms: ['ES256', 'ES384'] },
    prepare: (issuer) => issuer.publish({ ...wrong.jwk, alg: undefined }),
  })
  expect(await whoIs(token({}, { key: wrong }))).toBe('john')
  expect(await whoIs(token({}, { key: wrong, header: { alg: 'ES256' } }))).toBe(invalid)
})

test('a token of somebody else with the same key name is refused', async () => {
  const { whoIs, token } = await startIssuerWorld()
  expect(await whoIs(token({}, { key: newSigningKey('ES256', 'first') }))).toBe(invalid)
})

test('a signature is for one text only', async () => {
  const { whoIs, token } = await startIssuerWorld()
  const [head, , signature] = token().split('.')
  const [, admin] = token({ sub: 'admin' }).split('.')
  expect(await whoIs(`${head}.${admin}.${signature}`)).toBe(invalid)
})

test.each([
  ['five parts', (token: string) => `${token}.AAAA.AAAA`],
  ['two parts', (token: string) => token.split('.').slice(0, 2).join('.')],
  ['a detached payload', (token: string) => token.replace(/\..*\./, '..')],
  ['the JSON serialisation', jsonSerialisation],
])('C5 a token in another form is refused: %s', async (_, change) => {
  const { whoIs, token } = await startIssuerWorld()
  expect(await whoIs(change(token()))).toBe(malformed)
})

function jsonSerialisation(token: string): string {
  const [head, payload, signature] = token.split('.')
  return JSON.stringify({ payload, signatures: [{ protected: head, signature }] })
}

test.each([{ crit: ['exp'], exp: 1 }, { b64: false, crit: ['b64'] }, { b64: false }])(
  'C5 a header with %j is refused',
  async (header) => {
    const { whoIs, token } = await startIssuerWorld()
    expect(await whoIs(token({}, { header }))).toBe(malformed)
  },
)

test('C6 what the header says of keys is not read, and a key in it is refused', async () => {
  const { whoIs, token, issuer } = await startIssuerWorld()
  const evil = newSigningKey('ES256', 'evil')
  await whoIs(token())
  const before = issuer.requests.length
  for (const [header, outcome] of [
    [{ jwk: evil.jwk }, malformed],
    [{ jwk: evil.jwk, kid: undefined }, malformed],
    [{ jku: `${issuer.url}/evil`, kid: 'first' }, invalid],
    [{ x5u: `${issuer.url}/evil`, kid: 'first' }, invalid],
    [{ x5c: ['AAAA'], kid: 'first' }, malformed],
  ] as const) {
    expect(await whoIs(token({}, { key: evil, header }))).toBe(outcome)
  }
  expect(issuer.requests.slice(before)).toEqual([])
})

test.each([
  ['padding', (token: string) => `${token}=`],
  ['a blank', (token: string) => ` ${token}`],
  ['a line break', (token: string) => `${token}\n`],
  ['another last letter', anotherLastLetter],
])('C7 another spelling is refused: %s', async (_, change) => {
  const { whoIs, token } = await startIssuerWorld()
  expect(await whoIs(change(token()))).toBe(malformed)
})

/** The last letter of 64 bytes in base64url has unused bits, which many parsers ignore. */
function anotherLastLetter(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.slice(-1))
  return `${token.slice(0, -1)}${alphabet[last + 1] ?? ''}`
}

test.each([
  ['a slash more', (url: string) => `${url}/`],
  ['another case', (url: string) => url.toUpperCase()],
  ['another port', (url: string) => url.replace(/:\d+$/, ':1')],
  ['another scheme', (url: string) => url.replace('https', 'http')],
  ['a list', (url: string) => [url]],
  ['nothing', () => undefined],
])('C8 the issuer is compared byte by byte: %s', async (_, change) => {
  const { whoIs, token, issuer } = await startIssuerWorld()
  expect(await whoIs(token({ iss: change(issuer.url) }))).toBe('401 token_issuer_unknown')
})

test.each([
  ['C9', { aud: 'other' }, '401 token_audience_refused'],
  ['C10', { aud: ['kubernetes', 'account'] }, '401 token_audience_refused'],
  ['C11', { exp: 1 }, '401 token_expired'],
  ['C11', { exp: undefined }, malformed],
  ['C12', { nbf: 9e9 }, '401 token_not_yet_valid'],
  ['C13', { iat: 9e9 }, '401 token_not_yet_valid'],
  ['C14', { typ: 'Refresh' }, '401 token_class_refused'],
  ['C15', { sub: 7 }, malformed],
  ['C15', { sub: null }, '401 claims_refused'],
  ['C15', { groups: [1] }, '401 claims_refused'],
  ['A7', { sub: '' }, '401 claims_refused'],
])('%s a well-signed token with %j: %s', async (_, claims, outcome) => {
  const { whoIs, token } = await startIssuerWorld()
  expect(await whoIs(token(claims))).toBe(outcome)
})

test('C11 a number beyond the range of a double is refused', async () => {
  const { whoIs, key, issuer } = await startIssuerWorld()
  const claims = `{"iss":"${issuer.url}","aud":"kubernetes","sub":"john","exp":1e400}`
  expect(await whoIs(signToken(key, claims))).toBe(malformed)
})

test('C14 an access token is refused by the type in its header', async () => {
  const { whoIs, token } = await startIssuerWorld()
  expect(await whoIs(token({}, { header: { typ: 'at+jwt' } }))).toBe('401 token_class_refused')
})

test('C17 an address that is not verified is nobody', async () => {
  const { whoIs, token, issuer } = await startIssuerWorld()
  const claimMappings = {
    username: { kind: 'claim', claim: 'email', prefix: '' } as const,
    groups: undefined,
    uid: undefined,
    extra: [],
  }
  const world = await startIssuerWorld({ authenticator: { claimMappings } })
  expect(issuer.url).not.toBe(world.issuer.url)
  expect(await whoIs(token())).toBe('john')
  const email = 'john@example.com'
  expect(await world.whoIs(world.token({ email, email_verified: true }))).toBe(email)
  expect(await world.whoIs(world.token({ email, email_verified: false }))).toBe(
    '401 claims_refused',
  )
  expect(await world.whoIs(world.token({ email, email_verified: 'true' }))).toBe(
    '401 claims_refused',
  )
})

test('C18 a required claim is required', async () => {
  const claimValidationRules = [
    { kind: 'claim', claim: 'hd', requiredValue: 'example.com' },
  ] as const
  const { whoIs, token } = await startIssuerWorld({ authenticator: { claimValidationRules } })
  expect(await whoIs(token({ hd: 'example.com' }))).toBe('john')
  expect(await whoIs(token({ hd: 'example.org' }))).toBe('401 claims_refused')
  expect(await whoIs(token())).toBe('401 claims_refused')
})

test('C18 a user validation rule refuses the user', async () => {
  const userValidationRules = [{ expression: "user.username != 'john'", message: '' }]
  const { whoIs, token } = await startIssuerWorld({ authenticator: { userValidationRules } })
  expect(await whoIs(token({ sub: 'jane' }))).toBe('jane')
  expect(await whoIs(token())).toBe('401 user_refused')
})

test('C19 a well-signed token with a key that stands twice is refused', async () => {
  const { whoIs, key, issuer, token } = await startIssuerWorld()
  const twice = `{"iss":"${issuer.url}","aud":"kubernetes","exp":9e9,"sub":"john","sub":"admin"}`
  expect(await whoIs(signToken(key, twice))).toBe(malformed)
  expect(await whoIs(token({}, { header: `{"alg":"none","alg":"ES256","kid":"first"}` }))).toBe(
    malformed,
  )
})

test('C20 deep nesting and many groups are bounded', async () => {
  const { whoIs, key, issuer, token } = await startIssuerWorld()
  const deep = `{"iss":"${issuer.url}","aud":"kubernetes","exp":9e9,"sub":"john","a":${'['.repeat(40)}${']'.repeat(40)}}`
  expect(await whoIs(signToken(key, deep))).toBe(malformed)
  const groups = Array.from({ length: 100_000 }, (_, index) => `group-${index}`)
  expect(await whoIs(token({ groups }))).toBe('431 token_too_large')
})

test('C21 a token beyond the limit is refused before anything is read of it', async () => {
  const { whoIs, token } = await startIssuerWorld({ settings: { maxTokenBytes: 2000 } })
  expect(await whoIs(token({ filling: 'a'.repeat(2000) }))).toBe('431 token_too_large')
  expect(await whoIs('a'.repeat(2001))).toBe('431 token_too_large')
  expect(await whoIs(token())).toBe('john')
})

test('C27 a token without the name of its key needs exactly one key that fits', async () => {
  const { whoIs, token, issuer, key, clock } = await startIssuerWorld()
  const header = { kid: undefined }
  expect(await whoIs(token({}, { header }))).toBe('john')
  issuer.publish(key.jwk, newSigningKey('ES256', 'second').jwk)
  clock.advance(10 * 60_000)
  expect(await whoIs(token({ iat: undefined }, { header }))).toBe(invalid)
})

test('C28 distributed claims are not followed, and nobody is let in without his groups', async () => {
  const { whoIs, authenticator, token, issuer } = await startIssuerWorld()
  await whoIs(token())
  const before = issuer.requests.length
  const elsewhere = (name: string): string =>
    token({
      _claim_names: { [name]: 'src' },
      _claim_sources: { src: { endpoint: `${issuer.url}/${name}` } },
    })
  expect(await whoIs(elsewhere('groups'))).toBe('401 claims_refused')
  expect(await authenticator.authenticate(elsewhere('address'))).toMatchObject({
    kind: 'authenticated',
  })
  expect(issuer.requests.length).toBe(before)
})

test('a signature of the right length that is not one is refused', async () => {
  const { whoIs, token, key } = await startIssuerWorld()
  const [head, body] = token().split('.')
  expect(await whoIs(`${head}.${body}.${Buffer.alloc(64).toString('base64url')}`)).toBe(invalid)
  expect(await whoIs(`${head}.${body}.${signatureOf(key, `${head}.`)}`)).toBe(invalid)
})

test('ServiceAccount tokens of the cluster pass, where they may, and only those', async () => {
  const cluster = 'https://kubernetes.default.svc'
  const settings = { serviceAccounts: 'passthrough' } as const
  const serviceAccountIssuers = [cluster]
  const open = await startIssuerWorld({ settings, serviceAccountIssuers })
  const account = open.token({ iss: cluster })
  expect(await open.whoIs(account)).toBe('service-account')
  expect(await open.whoIs(open.token({ iss: `${cluster}/` }))).toBe('401 token_issuer_unknown')
  expect(await open.whoIs(`${account}.`)).toBe(malformed)
  const shut = await startIssuerWorld({ serviceAccountIssuers })
  expect(await shut.whoIs(account)).toBe('401 token_issuer_unknown')
})
