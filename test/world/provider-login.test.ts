import {
  buildEndSessionUrl,
  type Configuration,
  initiateDeviceAuthorization,
  pollDeviceAuthorizationGrant,
} from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority } from './certificates.ts'
import { signInThroughForm } from './login-driver.ts'
import { openTab } from './login-driver-http.ts'
import { startProvider, type TestProvider } from './provider.ts'
import { john } from './provider-accounts.ts'
import { connectTo, signIn } from './provider-relying-party.ts'

let provider: TestProvider
let client: Configuration
let ca: string

beforeAll(async () => {
  provider = await startProvider({ authority: await createAuthority() })
  ca = provider.caPem
  client = await connectTo(provider.issuer, ca)
})

afterAll(async () => {
  await provider.stop()
})

describe('the login form', () => {
  it('comes back with an error when the password is wrong', async () => {
    const password = 'not <my> password'
    const outcome = await signInThroughForm(authorizationUrl(), {
      username: '<john>',
      password,
      ca,
    })
    expect(outcome.status).toBe(401)
    expect(outcome.html).toContain('The username or the password is wrong.')
    expect(outcome.html).toContain('value="&lt;john&gt;"')
    expect(outcome.html).not.toContain(password)
    expect(new URL(outcome.finalUrl).origin).toBe(provider.issuer)
  })

  it('names the application and loads nothing from elsewhere', async () => {
    const { status, html } = await openTab(ca).open(new URL(authorizationUrl()))
    expect(status).toBe(200)
    expect(html).toContain('<strong>Kubernetes</strong>')
    expect(html).not.toMatch(/https?:|@import|<script|<link|<img|url\(/)
  })

  it('knows the username that the application hints at', async () => {
    const url = `${authorizationUrl()}&login_hint=jane`
    expect((await openTab(ca).open(new URL(url))).html).toContain('value="jane"')
  })

  it('is not asked for again while the browser holds a session', async () => {
    const tab = openTab(ca)
    const { url, html } = await tab.open(new URL(authorizationUrl()))
    expect(html).toContain('<form')
    const form = new URLSearchParams({ username: 'john', password: john.password })
    await expect(tab.open(url, form)).rejects.toThrow('ECONNREFUSED')
    await expect(tab.open(new URL(authorizationUrl()))).rejects.toThrow('ECONNREFUSED')
  })

  it('says so when its sign-in is over', async () => {
    const page = await openTab(ca).open(new URL(`${provider.issuer}/interaction/unknown`))
    expect(page.status).toBe(400)
    expect(page.html).toContain('This sign-in is over')
  })
})

describe('a device', () => {
  it('gets tokens after its code was confirmed in a browser', async () => {
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
    const device = await initiateDeviceAuthorization(client, { scope: 'openid' })
    const person = { username: 'john', password: john.password, ca, cancel: true }
    const page = await signInThroughForm(device.verification_uri_complete ?? '', person)
    expect(page.html).toContain('Your device was not connected')
    const poll = pollDeviceAuthorizationGrant(client, { ...device, interval: 1 })
    await expect(poll).rejects.toMatchObject({ error: 'access_denied' })
  })
})

describe('signing out', () => {
  it('shows a page that says so', async () => {
    const { id_token } = await signIn(client, { ca })
    const url = buildEndSessionUrl(client, { id_token_hint: id_token ?? '' })
    const page = await signInThroughForm(url.href, { username: '', password: '', ca })
    expect(page.status).toBe(200)
    expect(page.html).toContain('Your session has ended')
  })
})

/** Leads to a redirect URI where nobody listens. */
function authorizationUrl(): string {
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
