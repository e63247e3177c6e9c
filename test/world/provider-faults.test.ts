import { type Configuration, refreshTokenGrant } from 'openid-client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Authority, createAuthority } from './certificates.ts'
import { openTab } from './login-driver-http.ts'
import { startProvider, type TestProvider } from './provider.ts'
import { connectTo, signIn } from './provider-relying-party.ts'

let authority: Authority
let provider: TestProvider
let client: Configuration
let ca: string

beforeAll(async () => {
  authority = await createAuthority()
  provider = await startProvider({ authority })
  ca = provider.caPem
  client = await connectTo(provider.issuer, ca)
})

afterEach(() => {
  provider.faults.clear()
})

afterAll(async () => {
  await provider.stop()
})

describe('faults', () => {
  it('are used up one after another, then the endpoint works again', async () => {
    const { refresh_token: token = '' } = await signIn(client, { ca })
    provider.faults.once('token', { status: 503 }, 'reset')
    await expect(refreshTokenGrant(client, token)).rejects.toThrow()
    expect(provider.requests.at(-1)).toMatchObject({ endpoint: 'token', status: 503 })
    await expect(refreshTokenGrant(client, token)).rejects.toThrow()
    expect(provider.requests.at(-1)).toMatchObject({ endpoint: 'token', status: undefined })
    await refreshTokenGrant(client, token)
  })

  it('last until they are cleared when they are permanent', async () => {
    provider.faults.always('discovery', { status: 500, body: '<h1>Oops</h1>' })
    await expect(connectTo(provider.issuer, ca)).rejects.toThrow()
    await expect(connectTo(provider.issuer, ca)).rejects.toThrow()
    provider.faults.clear('discovery')
    await connectTo(provider.issuer, ca)
  })

  it('can lose an answer after the refresh token was rotated', async () => {
    const { refresh_token: token = '' } = await signIn(client, { ca })
    provider.faults.once('token', 'lost')
    await expect(refreshTokenGrant(client, token)).rejects.toMatchObject({
      cause: { code: 'provider_unreachable' },
    })
    expect(provider.requests.at(-1)).toMatchObject({ endpoint: 'token', status: undefined })
    await expect(refreshTokenGrant(client, token)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('can send a body without an end', async () => {
    provider.faults.once('discovery', 'endless')
    await expect(connectTo(provider.issuer, ca)).rejects.toMatchObject({
      cause: { code: 'provider_response_invalid' },
    })
  })

  it('can hold back an answer, and stop() ends even that', async () => {
    const other = await startProvider({ authority })
    other.faults.once('jwks', 'hang')
    const answer = openTab(ca).open(new URL(`${other.issuer}/jwks`))
    const outcome = expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' })
    await vi.waitFor(() => expect(other.requests.at(-1)?.endpoint).toBe('jwks'))
    await other.stop()
    await outcome
  })

  it('can delay an answer', async () => {
    provider.faults.once('jwks', { delayMs: 20 })
    const startedAt = performance.now()
    expect((await openTab(ca).open(new URL(`${provider.issuer}/jwks`))).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19)
  })
})
