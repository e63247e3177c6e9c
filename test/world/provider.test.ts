import { createLocalJWKSet, jwtVerify } from 'jose'
import {
  buildEndSessionUrl,
  ClientSecretBasic,
  type Configuration,
  clientCredentialsGrant,
  initiateDeviceAuthorization,
  pollDeviceAuthorizationGrant,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Authority, createAuthority } from './certificates.ts'
import { signInThroughForm } from './login-driver.ts'
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
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => {})
  }
  onTestFinished(() => {
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      expect(console[method]).not.toHaveBeenCalled()
    }
    vi.restoreAllMocks()
  })
})

async function world(
  options: Partial<ProviderOptions> = {},
): Promise<{ provider: TestProvider; client: Configuration }> {
  const provider = await startProvider({ authority, ...options })
  onTestFinished(provider.stop)
  return { provider, client: await connectTo(provider.issuer, ca) }
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  const failure: unknown = await promise.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  )
  if (failure instanceof Error && 'error' in failure) return failure.error
  return failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure
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
    await errorOf(refreshTokenGrant(client, 'nonsense'))
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
    expect(await errorOf(signIn(impostor, { ca }))).toBe('invalid_client')
  })
})

describe('the login form', () => {
  it('comes back with an error when the password is wrong', async () => {
    const { provider } = await world()
    const password = 'not <my> password'
    const outcome = await signInThroughForm(authorizationUrl(provider), {
      username: '<john>',
      password,
      ca,
    })
    expect(outcome.status).toBe(401)
    expect(outcome.html).toContain('The username or the password is wrong.')
    expect(outcome.html).toContain(
      'value="&#60;john&#62;"'.replace('&#60;', '&lt;').replace('&#62;', '&gt;'),
    )
    expect(outcome.html).not.toContain(password)
    expect(new URL(outcome.finalUrl).origin).toBe(provider.issuer)
  })

  it('names the application and loads nothing from elsewhere', async () => {
    const { provider } = await world()
    const { status, html } = await openTab(ca).open(new URL(authorizationUrl(provider)))
    expect(status).toBe(200)
    expect(html).toContain('<strong>Kubernetes</strong>')
    expect(html).not.toMatch(/https?:|@import|<script|<link|<img|url\(/)
  })

  it('knows the username that the application hints at', async () => {
    const { provider } = await world()
    const url = `${authorizationUrl(provider)}&login_hint=jane`
    expect((await openTab(ca).open(new URL(url))).html).toContain('value="jane"')
  })

  it('is not asked for again while the browser holds a session', async () => {
    const { provider } = await world()
    const tab = openTab(ca)
    const { url, html } = await tab.open(new URL(authorizationUrl(provider)))
    expect(html).toContain('<form')
    const form = new URLSearchParams({ username: 'john', password: john.password })
    await expect(tab.open(url, form)).rejects.toThrow('ECONNREFUSED')
    await expect(tab.open(new URL(authorizationUrl(provider)))).rejects.toThrow('ECONNREFUSED')
  })

  it('says so when its sign-in is over', async () => {
    const { provider } = await world()
    const page = await openTab(ca).open(new URL(`${provider.issuer}/interaction/unknown`))
    expect(page.status).toBe(400)
    expect(page.html).toContain('This sign-in is over')
  })
})

describe('a device', () => {
  it('gets tokens after its code was confirmed in a browser', async () => {
    const { client } = await world()
    const scope = 'openid offline_access groups'
    const device = await initiateDeviceAuthorization(client, { scope })
    const { username, password } = john
    const verificationUri = device.verification_uri_complete ?? ''
    const page = await signInThroughForm(verificationUri, { username, password, ca })
    expect(page.html).toContain('Your device is connected')
    const tokens = await pollDeviceAuthorizationGrant(client, { ...device, interval: 1 })
    expect(tokens.claims()).toMatchObject({ sub: john.sub, groups: ['developers'] })
    expect(tokens.refresh_token).toBeTypeOf('string')
  })

  it('is refused when the person presses Cancel', async () => {
    const { client } = await world()
    const device = await initiateDeviceAuthorization(client, { scope: 'openid' })
    const person = { username: 'john', password: john.password, ca, cancel: true }
    await signInThroughForm(device.verification_uri_complete ?? '', person)
    const poll = pollDeviceAuthorizationGrant(client, { ...device, interval: 1 })
    expect(await errorOf(poll)).toBe('access_denied')
  })
})

describe('signing out', () => {
  it('shows a page that says so', async () => {
    const { client } = await world()
    const { id_token } = await signIn(client, { ca })
    const url = buildEndSessionUrl(client, { id_token_hint: id_token ?? '' })
    const page = await signInThroughForm(url.href, { username: '', password: '', ca })
    expect(page.status).toBe(200)
    expect(page.html).toContain('Your session has ended')
  })
})

describe('faults', () => {
  it('are used up one after another, then the endpoint works again', async () => {
    const { provider, client } = await world()
    const token = refreshTokenOf(await signIn(client, { ca }))
    provider.faults.once('token', { status: 503 }, 'reset')
    expect(await errorOf(refreshTokenGrant(client, token))).toMatchObject({ status: 503 })
    expect(await errorOf(refreshTokenGrant(client, token))).toBeInstanceOf(Error)
    await refreshTokenGrant(client, token)
  })

  it('last until they are cleared when they are permanent', async () => {
    const { provider } = await world()
    provider.faults.always('discovery', { status: 500, body: '<h1>Oops</h1>' })
    await expect(connectTo(provider.issuer, ca)).rejects.toThrow()
    await expect(connectTo(provider.issuer, ca)).rejects.toThrow()
    provider.faults.clear('discovery')
    await connectTo(provider.issuer, ca)
  })

  it('can lose an answer after the refresh token was rotated', async () => {
    const { provider, client } = await world()
    const token = refreshTokenOf(await signIn(client, { ca }))
    provider.faults.once('token', 'lost')
    expect(await errorOf(refreshTokenGrant(client, token))).toMatchObject({
      code: 'provider_unreachable',
    })
    expect(provider.requests.at(-1)).toMatchObject({ endpoint: 'token', status: undefined })
    expect(await errorOf(refreshTokenGrant(client, token))).toBe('invalid_grant')
  })

  it('can send a body without an end', async () => {
    const { provider } = await world()
    provider.faults.once('discovery', 'endless')
    expect(await errorOf(connectTo(provider.issuer, ca))).toMatchObject({
      code: 'provider_response_invalid',
    })
  })

  it('can hold back an answer, and stop() ends even that', async () => {
    const { provider } = await world()
    provider.faults.once('jwks', 'hang')
    const answer = openTab(ca).open(new URL(`${provider.issuer}/jwks`))
    const outcome = errorOf(answer)
    await vi.waitFor(() => expect(provider.requests.at(-1)?.endpoint).toBe('jwks'))
    await provider.stop()
    expect(await outcome).toMatchObject({ code: 'ECONNRESET' })
  })

  it('can delay an answer', async () => {
    const { provider } = await world()
    provider.faults.once('jwks', { delayMs: 20 })
    const startedAt = performance.now()
    expect((await openTab(ca).open(new URL(`${provider.issuer}/jwks`))).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19)
  })
})

function lifetimeSec(tokens: Tokens): number {
  const { exp = 0, iat = 0 } = tokens.claims() ?? {}
  return exp - iat
}

function jwksUri(client: Configuration): URL {
  return new URL(client.serverMetadata().jwks_uri ?? '')
}

/** Leads to a redirect URI where nobody listens. */
function authorizationUrl(provider: TestProvider): string {
  const query = new URLSearchParams({
    client_id: 'kubernetes',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'http://localhost:1/callback',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  return `${provider.issuer}/auth?${query}`
}
