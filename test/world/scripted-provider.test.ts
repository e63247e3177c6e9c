import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import {
  ClientSecretBasic,
  type Configuration,
  clientCredentialsGrant,
  genericGrantRequest,
  initiateDeviceAuthorization,
  pollDeviceAuthorizationGrant,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthority } from './certificates.ts'
import { openTab } from './login-driver-http.ts'
import { john } from './provider-accounts.ts'
import { connectTo, signIn } from './provider-relying-party.ts'
import {
  type ScriptedProvider,
  type ScriptedProviderOptions,
  startScriptedProvider,
} from './scripted-provider.ts'
import type { ScriptedHooks } from './scripted-provider-hooks.ts'
import { accessTokenHash } from './scripted-provider-keys.ts'

async function world(
  options: ScriptedProviderOptions = {},
): Promise<{ provider: ScriptedProvider; client: Configuration }> {
  const provider = await startScriptedProvider(options)
  onTestFinished(provider.stop)
  return { provider, client: await connectTo(provider.issuer, provider.caPem) }
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )
}

describe('left alone, the scripted provider', () => {
  it('signs John in over plain HTTP with an ID token that openid-client accepts', async () => {
    const { provider, client } = await world()
    const tokens = await signIn(client)
    expect(tokens.claims()).toMatchObject({
      iss: provider.issuer,
      aud: 'kubernetes',
      sub: john.sub,
      preferred_username: 'john',
      at_hash: accessTokenHash(tokens.access_token),
    })
    expect(provider.requests.map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ['discovery', 200],
      ['authorization', 302],
      ['token', 200],
      ['jwks', 200],
    ])
  })

  it('does so over TLS, with an issuer that has a path', async () => {
    const authority = await createAuthority()
    const { provider, client } = await world({ authority, issuerPath: '/realms/demo' })
    expect(provider.issuer).toBe(`https://localhost:${provider.port}/realms/demo`)
    const tokens = await signIn(client, { ca: authority.certPem })
    expect(tokens.claims()?.iss).toBe(provider.issuer)
    const elsewhere = new URL('/.well-known/openid-configuration', provider.issuer)
    expect((await openTab(authority.certPem).open(elsewhere)).status).toBe(404)
  })

  it('rotates refresh tokens', async () => {
    const { provider, client } = await world()
    const first = (await signIn(client)).refresh_token ?? ''
    const renewed = await refreshTokenGrant(client, first)
    expect(renewed.claims()?.sub).toBe(john.sub)
    expect(renewed.refresh_token).not.toBe(first)
    expect(await errorOf(refreshTokenGrant(client, first))).toMatchObject({
      error: 'invalid_grant',
    })
    expect(provider.requests.at(-1)).toMatchObject({ grantType: 'refresh_token', status: 400 })
  })

  it('verifies PKCE', async () => {
    const { client } = await world()
    const { authorization_endpoint = '' } = client.serverMetadata()
    const query = new URLSearchParams({
      client_id: 'kubernetes',
      redirect_uri: 'http://localhost:8000',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })
    const answer = await fetch(`${authorization_endpoint}?${query}`, { redirect: 'manual' })
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const grant = { code, redirect_uri: 'http://localhost:8000', code_verifier: 'x'.repeat(43) }
    expect(await errorOf(genericGrantRequest(client, 'authorization_code', grant))).toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('knows the other grants', async () => {
    const { provider, client } = await world()
    const { username, password } = john
    const byPassword = await genericGrantRequest(client, 'password', { username, password })
    expect(byPassword.claims()?.sub).toBe(john.sub)
    const wrong = genericGrantRequest(client, 'password', { username, password: 'wrong' })
    expect(await errorOf(wrong)).toMatchObject({ error: 'invalid_grant' })
    const unknown = genericGrantRequest(client, 'urn:example:unknown', {})
    expect(await errorOf(unknown)).toMatchObject({ error: 'unsupported_grant_type' })

    const robot = await connectTo(provider.issuer, undefined, 'a:robot', ClientSecretBasic('s'))
    expect((await clientCredentialsGrant(robot)).claims()?.sub).toBe('a:robot')

    const device = await initiateDeviceAuthorization(client, { scope: 'openid' })
    const byDevice = await pollDeviceAuthorizationGrant(client, device)
    expect(byDevice.claims()?.sub).toBe(john.sub)
    await tokenRevocation(client, byDevice.refresh_token ?? '')
  })
})

describe('a hook of the scripted provider', () => {
  const refusals: readonly (readonly [string, ScriptedHooks, RegExp])[] = [
    [
      'can sign with a key that nobody knows',
      {
        signIdToken: async (claims, header) => {
          const { privateKey } = await generateKeyPair('RS256')
          return await new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
        },
      },
      /signature verification failed/,
    ],
    [
      'can leave the ID token unsigned',
      { signIdToken: (claims) => new UnsecuredJWT(claims).encode() },
      /"alg"/,
    ],
    [
      'can sign with HS256 and the public key as the secret',
      {
        signIdToken: async (claims, header, { publicJwk }) => {
          const secret = new TextEncoder().encode(JSON.stringify(publicJwk))
          return await new SignJWT(claims)
            .setProtectedHeader({ ...header, alg: 'HS256' })
            .sign(secret)
        },
      },
      /"alg"/,
    ],
    [
      'can name a key that does not exist',
      {
        signIdToken: async (claims, header, { privateKey }) =>
          await new SignJWT(claims)
            .setProtectedHeader({ ...header, kid: 'unknown' })
            .sign(privateKey),
      },
      /no applicable keys/,
    ],
    [
      'can alter the claims',
      { idTokenClaims: (claims) => ({ ...claims, nonce: 'another' }) },
      /"nonce"/,
    ],
    ['can alter the state', { authorize: (redirect) => ({ ...redirect, state: 'x' }) }, /"state"/],
    ['can leave out iss', { authorize: (redirect) => ({ ...redirect, iss: undefined }) }, /"iss"/],
    [
      'can refuse the authorization',
      { authorize: ({ state, iss }) => ({ state, iss, error: 'access_denied' }) },
      /authorization response/,
    ],
    ['can alter the token response', { token: (_, { id_token, ...rest }) => rest }, /"id_token"/],
    ['can refuse a grant', { token: () => ({ error: 'invalid_client' }) }, /invalid_client/],
    [
      'can answer with a page',
      { token: () => ({ status: 200, body: '<h1>Hi</h1>' }) },
      /content-type/,
    ],
    ['can cut the connection', { token: () => 'reset' }, /cannot be reached/],
    ['can withhold the keys', { jwks: () => ({ keys: [] }) }, /no applicable keys/],
    ['can fail at an endpoint', { jwks: () => ({ status: 500 }) }, /HTTP response status/],
  ]

  it.each(refusals)('%s', async (_, hooks, reason) => {
    const { client } = await world({ hooks })
    const error = await errorOf(signIn(client))
    const { cause } = error instanceof Error ? error : {}
    const said = `${error} ${cause instanceof Error ? cause : JSON.stringify(cause)}`
    expect(said).toMatch(reason)
  })

  it('can alter the discovery document', async () => {
    const hooks: ScriptedHooks = {
      discovery: (document) => ({ ...document, issuer: 'https://elsewhere.example.com' }),
    }
    await expect(world({ hooks })).rejects.toThrow(/issuer/)
  })

  it('can be set while the provider runs, and taken back', async () => {
    const { provider, client } = await world()
    const device = await initiateDeviceAuthorization(client, {})
    provider.hooks.authorizeDevice = async (_, answer) => ({ ...answer, user_code: 'ABCD' })
    expect((await initiateDeviceAuthorization(client, {})).user_code).toBe('ABCD')
    delete provider.hooks.authorizeDevice
    expect((await initiateDeviceAuthorization(client, {})).user_code).not.toBe('ABCD')
    expect(device.user_code).not.toBe('ABCD')
  })

  it('sees the request', async () => {
    const seen: string[] = []
    const { client } = await world({
      hooks: {
        token: ({ grantType, clientId, form }, answer) => {
          seen.push(grantType, clientId, String(form.has('code_verifier')))
          return answer
        },
        revoke: (form, answer) => {
          seen.push(String(form.get('token_type_hint')))
          return answer
        },
      },
    })
    const { refresh_token = '' } = await signIn(client)
    await tokenRevocation(client, refresh_token, { token_type_hint: 'refresh_token' })
    expect(seen).toEqual(['authorization_code', 'kubernetes', 'true', 'refresh_token'])
  })
})

describe('a fault of the scripted provider', () => {
  it('happens in the place of an endpoint', async () => {
    const { provider, client } = await world()
    const headers = { 'retry-after': '7' }
    provider.faults.once('token', { status: 429, headers }, 'endless', 'reset')
    const refresh = (): Promise<unknown> => errorOf(refreshTokenGrant(client, 'x'))
    expect(await refresh()).toMatchObject({ cause: { status: 429 } })
    expect(await refresh()).toMatchObject({ cause: { code: 'provider_response_invalid' } })
    expect(await refresh()).toMatchObject({ cause: { code: 'provider_unreachable' } })
    expect(await refresh()).toMatchObject({ error: 'invalid_grant' })
  })
})
