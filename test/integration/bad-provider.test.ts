import { type AddressInfo, createServer } from 'node:net'
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { type ScriptedProviderOptions, startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { expireSession, readSession, sessionFiles } from '../world/sessions.ts'
import { computer, fingerprintOf, stopped } from '../world/world.ts'

async function world(options: Omit<ScriptedProviderOptions, 'authority'> = {}) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, ...options }))
  return { john, provider, getToken: ['get-token', ...john.options(provider.issuer)] }
}

/** A first sign-in with this provider, from the outside. */
async function signInWith(hooks: ScriptedHooks) {
  const { john, getToken } = await world({ hooks })
  const result = await john.run(getToken)
  return { ...result, sessions: sessionFiles(john.sessions) }
}

test('an honest provider made by hand is accepted, so that the rest of this file means something', async () => {
  expect(await signInWith({})).toMatchObject({ exitCode: 0, sessions: [expect.any(String)] })
})

describe('tokens that must not be believed', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const cases: Record<string, { hooks: ScriptedHooks; says: RegExp }> = {
    'wrong iss': {
      hooks: { idTokenClaims: (claims) => ({ ...claims, iss: 'https://evil.example.com' }) },
      says: /claim "iss" is wrong/,
    },
    'wrong aud': {
      hooks: { idTokenClaims: (claims) => ({ ...claims, aud: 'another-client' }) },
      says: /claim "aud" is wrong/,
    },
    'several aud without azp': {
      hooks: {
        idTokenClaims: (claims) => ({ ...claims, aud: ['kubernetes', 'other'], azp: undefined }),
      },
      says: /claim "aud" is wrong/,
    },
    'azp of another client': {
      hooks: {
        idTokenClaims: (claims) => ({ ...claims, aud: ['kubernetes', 'other'], azp: 'other' }),
      },
      says: /claim "azp" is wrong/,
    },
    'wrong nonce': {
      hooks: { idTokenClaims: (claims) => ({ ...claims, nonce: 'of-another-sign-in' }) },
      says: /claim "nonce" is wrong/,
    },
    'no nonce': {
      hooks: { idTokenClaims: ({ nonce: _, ...claims }) => claims },
      says: /claim "nonce" is wrong/,
    },
    'wrong at_hash': {
      hooks: { idTokenClaims: (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) },
      says: /claim "at_hash" does not belong/,
    },
    expired: {
      hooks: { idTokenClaims: (claims) => ({ ...claims, iat: now() - 7200, exp: now() - 3600 }) },
      says: /it has expired already/,
    },
    'issued in the far future': {
      hooks: {
        idTokenClaims: (claims) => ({ ...claims, iat: now() + 86_400, exp: now() + 90_000 }),
      },
      says: /1440 minutes in the future.*\n.*clock/,
    },
    'exp in milliseconds': {
      hooks: { idTokenClaims: (claims) => ({ ...claims, exp: (now() + 3600) * 1000 }) },
      says: /more than ten years away/,
    },
    'without exp': {
      hooks: { idTokenClaims: ({ exp: _, ...claims }) => claims },
      says: /malformed or lacks a claim/,
    },
    'signed by a stranger under the known key id': {
      hooks: {
        signIdToken: async (claims, header) => {
          const { privateKey } = await generateKeyPair('RS256')
          return await new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
        },
      },
      says: /signature is wrong/,
    },
    'signed with a key that is not published': {
      hooks: {
        signIdToken: async (claims, header) => {
          const { privateKey } = await generateKeyPair('RS256')
          return await new SignJWT(claims)
            .setProtectedHeader({ ...header, kid: 'unknown' })
            .sign(privateKey)
        },
      },
      says: /key that the provider does not publish/,
    },
    'alg none': {
      hooks: { signIdToken: (claims) => new UnsecuredJWT(claims).encode() },
      says: /algorithm that is not allowed/,
    },
    'alg none, announced in the discovery document': {
      hooks: {
        discovery: (document) => ({
          ...document,
          id_token_signing_alg_values_supported: ['none', 'RS256'],
        }),
        signIdToken: (claims) => new UnsecuredJWT(claims).encode(),
      },
      says: /cannot be trusted/,
    },
    'HS256 with the public key as its secret': {
      hooks: {
        signIdToken: async (claims, header, keys) =>
          await new SignJWT(claims)
            .setProtectedHeader({ ...header, alg: 'HS256' })
            .sign(new TextEncoder().encode(JSON.stringify(keys.publicJwk))),
      },
      says: /algorithm that is not allowed/,
    },
    'no token at all': {
      hooks: { signIdToken: () => 'not.a.jwt' },
      says: /cannot be trusted/,
    },
  }

  test.each(Object.entries(cases))('%s', async (_, { hooks, says }) => {
    const { exitCode, stdout, stderr, sessions } = await signInWith(hooks)
    expect({ exitCode, stdout, sessions }, stderr).toEqual({
      exitCode: 4,
      stdout: '',
      sessions: [],
    })
    expect(stderr).toMatch(says)
  })
})

describe('discovery documents that are none', () => {
  const cases: Record<string, { hooks: ScriptedHooks; says: RegExp; exitCode?: number }> = {
    HTML: {
      hooks: { discovery: () => ({ status: 200, body: '<html>' }) },
      says: /does not work as/,
    },
    empty: { hooks: { discovery: () => ({ status: 200 }) }, says: /does not work as/ },
    'not found': { hooks: { discovery: () => ({ status: 404, body: 'no' }) }, says: /status 404/ },
    'a redirect': {
      hooks: { discovery: () => ({ status: 302, headers: { location: 'https://example.com' } }) },
      says: /status 302/,
    },
    'of another issuer': {
      hooks: { discovery: (document) => ({ ...document, issuer: 'https://evil.example.com' }) },
      says: /names another issuer: https:\/\/evil\.example\.com/,
    },
    'without a token endpoint': {
      hooks: { discovery: ({ token_endpoint: _, ...document }) => document },
      says: /lacks an endpoint/,
    },
    'with a token endpoint that is plain http': {
      hooks: { discovery: (document) => ({ ...document, token_endpoint: 'http://example.com/t' }) },
      says: /token_endpoint is no URL that is https/,
    },
    'of the issuer with a slash at its end': {
      hooks: { discovery: (document) => ({ ...document, issuer: `${document.issuer}/` }) },
      says: /names another issuer: https:\/\/localhost:\d+\/\./,
    },
    'with an authorization endpoint that starts a program': {
      hooks: { discovery: (document) => ({ ...document, authorization_endpoint: 'ms-msdt:x' }) },
      says: /authorization_endpoint is no URL/,
    },
    'with an authorization endpoint that is a number': {
      hooks: { discovery: (document) => ({ ...document, authorization_endpoint: 5 }) },
      says: /authorization_endpoint is no URL/,
    },
    'without an authorization endpoint': {
      hooks: { discovery: ({ authorization_endpoint: _, ...document }) => document },
      says: /does not work as an OpenID/,
    },
    endless: { hooks: { discovery: () => 'endless' }, says: /larger than/ },
    'answered with 500 again and again': {
      hooks: { discovery: () => ({ status: 500, body: 'oops' }) },
      says: /unavailable/,
    },
  }

  test.each(Object.entries(cases))('%s', async (_, { hooks, says }) => {
    const { exitCode, stdout, stderr } = await signInWith(hooks)
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 3, stdout: '' })
    expect(stderr).toMatch(says)
  })
})

describe('a provider that cannot be talked to', () => {
  test('hangs: the deadline ends it', async () => {
    const { john, getToken } = await world({ hooks: { discovery: () => 'hang' } })
    const { exitCode, stderr } = await john.run([...getToken, '--request-timeout-sec=1'])
    expect(exitCode).toBe(3)
    expect(stderr).toContain('did not answer within 1')
  })

  test('switches protocols instead of answering', async () => {
    const john = await computer()
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
    })
    const stop = async () => void server.close()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    stopped({ stop })
    const { port } = server.address() as AddressInfo
    const { exitCode, stderr } = await john.run([
      'get-token',
      ...john.options(`http://127.0.0.1:${port}`),
    ])
    expect(exitCode).toBe(3)
    expect(stderr).toContain('it switches protocols')
  })

  test('is not there', async () => {
    const { john, provider, getToken } = await world()
    await provider.stop()
    const { exitCode, stderr } = await john.run(getToken)
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/cannot be reached \(nothing listens there, ECONNREFUSED\)/)
  })

  test('has a host name that nobody knows', async () => {
    const { john } = await world()
    const { exitCode, stderr } = await john.run([
      'get-token',
      ...john.options('https://sso.invalid'),
    ])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/sso\.invalid cannot be reached/)
  })

  test.each([
    ['http://sso.example.com', /not https.*\n.*--insecure-allow-http/],
    ['not a url', /is not a URL/],
    ['https://user:pw@sso.example.com', /user name or password/],
    ['https://sso.example.com/?x=1', /query/],
    ['ftp://sso.example.com', /ftp/],
  ])('is named by an issuer that cannot be used: %s', async (issuer, says) => {
    const { john } = await world()
    const { exitCode, stderr } = await john.run(['get-token', ...john.options(issuer)])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain('pw@')
  })

  test('speaks plain http on this computer, which is accepted', async () => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({}))
    expect(provider.issuer).toMatch(/^http:/)
    const { exitCode, stderr } = await john.run(['get-token', ...john.options(provider.issuer)])
    expect(exitCode, stderr).toBe(0)
  })
})

describe('token endpoints that answer badly at sign-in', () => {
  const cases: Record<string, { hooks: ScriptedHooks; exitCode: number; says: RegExp }> = {
    '400 invalid_grant': {
      hooks: { token: () => ({ error: 'invalid_grant', error_description: 'Code not valid.' }) },
      exitCode: 4,
      says: /refused the sign-in: invalid_grant \(Code not valid\)/,
    },
    '401 without a body': {
      hooks: { token: () => ({ status: 401 }) },
      exitCode: 3,
      says: /status 401/,
    },
    '401 invalid_client': {
      hooks: { token: () => ({ status: 401, body: { error: 'invalid_client' } }) },
      exitCode: 4,
      says: /does not accept this client: invalid_client/,
    },
    '429 with Retry-After': {
      hooks: { token: () => ({ status: 429, headers: { 'retry-after': '120' }, body: 'slow' }) },
      exitCode: 3,
      says: /unavailable.*429/,
    },
    '500': {
      hooks: { token: () => ({ status: 500, body: 'oops' }) },
      exitCode: 3,
      says: /unavailable/,
    },
    HTML: {
      hooks: { token: () => ({ status: 200, body: '<html>' }) },
      exitCode: 3,
      says: /does not work/,
    },
    'an empty answer': {
      hooks: { token: () => ({ status: 200 }) },
      exitCode: 3,
      says: /does not work/,
    },
    'an endless answer': { hooks: { token: () => 'endless' }, exitCode: 3, says: /larger than/ },
    'a cut connection': { hooks: { token: () => 'reset' }, exitCode: 3, says: /cannot be reached/ },
    'no id_token': {
      hooks: { token: (_, { id_token: __, ...answer }) => answer },
      exitCode: 4,
      says: /issued no ID token.*\n.*openid/,
    },
    'an error with control characters': {
      hooks: {
        token: () => ({ error: 'invalid_grant', error_description: 'a\u001b[31mred\u202eb' }),
      },
      exitCode: 4,
      says: /invalid_grant \(a \[31mred b\)/,
    },
  }

  test.each(Object.entries(cases))('%s', async (_, { hooks, exitCode, says }) => {
    const result = await signInWith(hooks)
    expect(result.exitCode, result.stderr).toBe(exitCode)
    expect(result.stdout).toBe('')
    expect(result.stderr).toMatch(says)
    expect(result.sessions).toEqual([])
  })

  test('an authorization code is sent once, whatever happens', async () => {
    const { john, provider, getToken } = await world({ hooks: { token: () => ({ status: 503 }) } })
    await john.run(getToken)
    expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(1)
  })
})

describe('authorization responses', () => {
  test('with a wrong state are ignored: the honest user is waited for', async () => {
    const { john, getToken } = await world({
      hooks: { authorize: (redirect) => ({ ...redirect, state: 'of-somebody-else' }) },
    })
    const { exitCode, stderr } = await john.run([...getToken, '--authentication-timeout-sec=2'])
    expect(exitCode).toBe(5)
    expect(stderr).toMatch(/Ignored/)
  })

  test('with the iss of another provider are ignored (RFC 9207)', async () => {
    const { john, provider, getToken } = await world({
      hooks: { authorize: (redirect) => ({ ...redirect, iss: 'https://evil.example.com' }) },
    })
    const { exitCode } = await john.run([...getToken, '--authentication-timeout-sec=2'])
    expect(exitCode).toBe(5)
    expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toEqual([])
  })

  test('with an error end the sign-in with the reason of the provider', async () => {
    const { john, getToken } = await world({
      hooks: {
        authorize: ({ state, iss }) => ({
          state,
          iss,
          error: 'invalid_scope',
          error_description: 'groups is unknown',
        }),
      },
    })
    const { exitCode, stderr } = await john.run(getToken)
    expect(exitCode).toBe(4)
    expect(stderr).toContain('invalid_scope (groups is unknown)')
  })

  test('that misses PKCE name the option that gives it', async () => {
    const { john, getToken } = await world({
      hooks: {
        authorize: ({ state, iss }) => ({
          state,
          iss,
          error: 'invalid_request',
          error_description: 'Missing parameter: code_challenge_method',
        }),
      },
    })
    const { exitCode, stderr } = await john.run([...getToken, '--oidc-pkce-method=no'])
    expect(exitCode).toBe(4)
    expect(stderr).toContain('Missing parameter: code_challenge_method')
    expect(stderr).toContain('give --oidc-pkce-method=S256 when the client demands it')
  })
})

describe('refreshes', () => {
  async function signedIn(hooks: ScriptedHooks = {}) {
    const { john, provider, getToken } = await world()
    const first = await john.run(getToken)
    expect(first.exitCode, first.stderr).toBe(0)
    Object.assign(provider.hooks, hooks)
    return { john, provider, getToken, first }
  }

  const withoutIdToken: ScriptedHooks = {
    token: ({ grantType }, { id_token: idToken, ...answer }) =>
      grantType === 'refresh_token' ? answer : { ...answer, id_token: idToken },
  }

  test('without an ID token keep the last one as long as it lasts', async () => {
    const { john, getToken, first } = await signedIn(withoutIdToken)
    const before = readSession(john.sessions)
    const second = await john.run([...getToken, '--force-refresh'])
    expect({ exitCode: second.exitCode, stderr: second.stderr }).toEqual({
      exitCode: 0,
      stderr: '',
    })
    expect(fingerprintOf(second.stdout)).toBe(fingerprintOf(first.stdout))
    expect(readSession(john.sessions).refreshToken === before.refreshToken).toBe(false)
  })

  test('without an ID token, once the last one has ended, name the cause and sign in', async () => {
    const { john, getToken } = await signedIn(withoutIdToken)
    expireSession(john.sessions)
    const { exitCode, stderr } = await john.run(getToken)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(
      /no ID token with the refresh.*--oidc-use-access-token.*Signing in again/,
    )
    expect(john.openedPages()).toBe(2)
  })

  test('of another user are refused, and the session is gone', async () => {
    const { john, getToken } = await signedIn({
      idTokenClaims: (claims) => ({ ...claims, sub: 'somebody-else' }),
    })
    expireSession(john.sessions)
    const { exitCode, stdout, stderr } = await john.run(getToken)
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(stderr).toContain('token of another user')
    expect(sessionFiles(john.sessions)).toEqual([])
  })

  test('with a forged ID token are refused, and the session stays', async () => {
    const { john, getToken } = await signedIn({
      signIdToken: (claims) => new UnsecuredJWT(claims).encode(),
    })
    expireSession(john.sessions)
    const { exitCode, stdout } = await john.run(getToken)
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(sessionFiles(john.sessions)).toHaveLength(1)
  })
})

test.runIf(process.platform === 'linux')(
  'where nothing can be written, the credential is printed with a warning',
  async () => {
    const { john, getToken } = await world()
    const { exitCode, stdout, stderr } = await john.run([
      ...getToken,
      '--token-cache-dir=/sys/oidc-login',
    ])
    expect(exitCode, stderr).toBe(0)
    expect(JSON.parse(stdout).kind).toBe('ExecCredential')
    expect(stderr).toMatch(/cannot be kept in \/sys\/oidc-login.*next command has to sign in again/)
  },
)
