import { createLocalJWKSet, jwtVerify } from 'jose'
import {
  ClientSecretBasic,
  type Configuration,
  clientCredentialsGrant,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Authority, createAuthority } from './certificates.ts'
import { openTab } from './login-driver-http.ts'
import { type ProviderOptions, startProvider, type TestProvider } from './provider.ts'
import { jane, john } from './provider-accounts.ts'
import { confidentialClientSecret } from './provider-clients.ts'
import { connectTo, signIn, type Tokens } from './provider-relying-party.ts'

let authority: Authority
let ca: string

beforeAll(async () => {
  authority = await createAuthority()
  ca = authority.certPem
})

beforeEach(() => {
  const methods = ['log', 'info', 'warn', 'error'] as const
  const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => {}))
  onTestFinished(() => {
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})

async function world(
  options: Partial<ProviderOptions> = {},
): Promise<{ provider: TestProvider; client: Configuration }> {
  const provider = await startProvider({ authority, ...options })
  onTestFinished(provider.stop)
  return { provider, client: await connectTo(provider.issuer, ca) }
}

/** The `error` with which the provider refuses (RFC 6749 §5.2). */
async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => 'no error',
    (failure: unknown) =>
      failure instanceof Error && 'error' in failure ? failure.error : failure,
  )
}

function refreshTokenOf(tokens: Tokens): string {
  expect(tokens.refresh_token).toBeTypeOf('string')
  return tokens.refresh_token ?? ''
}

describe('signing in', () => {
  it('gives an ID token that carries the claims of the account', async () => {
    const { provider, client } = await world()
    const tokens = await signIn(client, { ca })
    expect(tokens.claims()).toMatchObject({
      iss: provider.issuer,
      aud: 'kubernetes',
      sub: john.sub,
      preferred_username: 'john',
      given_name: 'John',
      name: john.name,
      email: 'john@example.com',
      email_verified: true,
      groups: ['developers'],
    })
    expect(tokens.claims()?.sub).not.toBe(john.username)
  })

  it('knows Jane as an administrator of the cluster', async () => {
    const { client } = await world()
    const tokens = await signIn(client, { ca, username: 'jane' })
    expect(tokens.claims()).toMatchObject({ sub: jane.sub, groups: jane.groups })
    expect(jane.groups).toContain('cluster-admins')
  })

  it('gives only the claims whose scopes were asked for', async () => {
    const { client } = await world()
    const tokens = await signIn(client, { ca, scope: 'openid' })
    expect(tokens.claims()?.sub).toBe(john.sub)
    expect(tokens.claims()).not.toHaveProperty('groups')
    expect(tokens.claims()).not.toHaveProperty('email')
  })

  it('is refused with access_denied when Cancel is pressed', async () => {
    const { client } = await world()
    expect(await errorOf(signIn(client, { ca, cancel: true }))).toBe('access_denied')
  })

  it('is refused without PKCE', async () => {
    const { provider } = await world()
    const query = `client_id=kubernetes&response_type=code&scope=openid&redirect_uri=http://localhost:8000`
    const tab = openTab(ca)
    const page = tab.open(new URL(`${provider.issuer}/auth?${query}`))
    // The refusal goes to the redirect URI, where nobody listens.
    await expect(page).rejects.toThrow()
    expect(provider.requests.filter(({ endpoint }) => endpoint === 'login')).toEqual([])
  })

  it('records requests by endpoint, with their grant type and status', async () => {
    const { provider, client } = await world()
    const tokens = await signIn(client, { ca })
    await refreshTokenGrant(client, refreshTokenOf(tokens))
    expect(await errorOf(refreshTokenGrant(client, 'nonsense'))).toBe('invalid_grant')
    const grants = provider.requests.filter(({ endpoint }) => endpoint === 'token')
    expect(grants.map(({ grantType, status }) => [grantType, status])).toEqual([
      ['authorization_code', 200],
      ['refresh_token', 200],
      ['refresh_token', 400],
    ])
    expect(provider.requests.filter(({ endpoint }) => endpoint === 'authorization')).toHaveLength(1)
    expect(provider.requests.map(({ path }) => path).join()).not.toContain('?')
  })
})

describe('refresh tokens', () => {
  it('are issued for offline_access only', async () => {
    const { client } = await world()
    const tokens = await signIn(client, { ca, scope: 'openid' })
    expect(tokens.refresh_token).toBeUndefined()
  })

  it('are issued without offline_access, or never, when the policy says so', async () => {
    const { provider, client } = await world({ refreshTokens: 'always' })
    expect((await signIn(client, { ca, scope: 'openid' })).refresh_token).toBeTypeOf('string')
    provider.policy.refreshTokens = 'never'
    expect((await signIn(client, { ca })).refresh_token).toBeUndefined()
  })

  it('rotate, and a second use voids the whole session', async () => {
    const { client } = await world()
    const first = refreshTokenOf(await signIn(client, { ca }))
    const renewed = await refreshTokenGrant(client, first)
    expect(renewed.claims()).toMatchObject({ sub: john.sub, groups: ['developers'] })
    const second = refreshTokenOf(renewed)
    expect(second).not.toBe(first)
    expect(await errorOf(refreshTokenGrant(client, first))).toBe('invalid_grant')
    expect(await errorOf(refreshTokenGrant(client, second))).toBe('invalid_grant')
  })

  it('can be used again and again when they do not rotate', async () => {
    const { client } = await world({ rotateRefreshTokens: false })
    const token = refreshTokenOf(await signIn(client, { ca }))
    await refreshTokenGrant(client, token)
    await refreshTokenGrant(client, token)
  })

  it('are void once they are revoked', async () => {
    const { client } = await world()
    const token = refreshTokenOf(await signIn(client, { ca }))
    await tokenRevocation(client, token, { token_type_hint: 'refresh_token' })
    expect(await errorOf(refreshTokenGrant(client, token))).toBe('invalid_grant')
  })

  it('of one account are void when its sessions are ended', async () => {
    const { provider, client } = await world()
    const ofJohn = refreshTokenOf(await signIn(client, { ca }))
    const ofJane = refreshTokenOf(await signIn(client, { ca, username: 'jane' }))
    provider.endSessions('john')
    expect(await errorOf(refreshTokenGrant(client, ofJohn))).toBe('invalid_grant')
    const renewed = refreshTokenOf(await refreshTokenGrant(client, ofJane))
    provider.revokeAll()
    expect(await errorOf(refreshTokenGrant(client, renewed))).toBe('invalid_grant')
  })
})

describe('tokens', () => {
  it('live as long as the policy says at the moment', async () => {
    const { provider, client } = await world({ idTokenTtlSec: 120, accessTokenTtlSec: 60 })
    const tokens = await signIn(client, { ca })
    expect(lifetimeSec(tokens)).toBe(120)
    expect(tokens.expires_in).toBe(60)
    provider.policy.idTokenTtlSec = 5
    expect(lifetimeSec(await refreshTokenGrant(client, refreshTokenOf(tokens)))).toBe(5)
  })

  it('cannot be verified any more after a rotation of the keys, new ones can', async () => {
    const { provider, client } = await world()
    const before = await signIn(client, { ca })
    await provider.rotateKeys()
    const keys = createLocalJWKSet(JSON.parse((await openTab(ca).open(jwksUri(client))).html))
    await expect(jwtVerify(before.id_token ?? '', keys)).rejects.toThrow()
    const fresh = await connectTo(provider.issuer, ca)
    const after = await refreshTokenGrant(fresh, refreshTokenOf(before))
    await jwtVerify(after.id_token ?? '', keys)
  })

  it('are given to the confidential client when it authenticates', async () => {
    const { provider } = await world()
    const id = 'kubernetes-confidential'
    const authentication = ClientSecretBasic(confidentialClientSecret)
    const client = await connectTo(provider.issuer, ca, id, authentication)
    expect((await signIn(client, { ca })).claims()?.aud).toBe(id)
    expect((await clientCredentialsGrant(client)).access_token).toBeTypeOf('string')
    const impostor = await connectTo(provider.issuer, ca, id, ClientSecretBasic('wrong'))
    await expect(signIn(impostor, { ca })).rejects.toThrow()
    expect(provider.requests.at(-1)).toMatchObject({ endpoint: 'token', status: 401 })
  })
})

function lifetimeSec(tokens: Tokens): number {
  const { exp = 0, iat = 0 } = tokens.claims() ?? {}
  return exp - iat
}

function jwksUri(client: Configuration): URL {
  return new URL(client.serverMetadata().jwks_uri ?? '')
}
