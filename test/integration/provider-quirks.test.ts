import { expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { Json, ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { readSession, sessionFiles } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

/** What the guides in docs/providers say of single providers, tried with a provider made by hand. */
async function world(hooks: ScriptedHooks, idTokenTtlSec?: number) {
  const john = await computer()
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks,
      ...(idTokenTtlSec ? { idTokenTtlSec } : {}),
    }),
  )
  return { john, provider, getToken: ['get-token', ...john.options(provider.issuer)] }
}

function without(document: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)))
}

test('Entra ID does not announce PKCE: it is used when it is asked for', async () => {
  const seen: URLSearchParams[] = []
  const { john, getToken } = await world({
    discovery: (document) => without(document, 'code_challenge_methods_supported'),
    authorize: (redirect, query) => {
      seen.push(query)
      return redirect
    },
  })
  await john.run(getToken)
  const { exitCode, stderr } = await john.run([
    ...getToken,
    '--oidc-pkce-method=S256',
    '--cool-down-sec=0',
  ])
  expect(exitCode, stderr).toBe(0)
  expect(seen.map((query) => query.get('code_challenge_method'))).toEqual([null, 'S256'])
})

test('Entra ID names a placeholder as the issuer of "common": it is refused by its name', async () => {
  const issuer = 'https://login.microsoftonline.com/{tenantid}/v2.0'
  const { john, getToken } = await world({ discovery: (document) => ({ ...document, issuer }) })
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode).toBe(3)
  expect(stderr).toContain(`names another issuer: ${issuer}`)
})

test('Auth0 and Authentik have an issuer with a slash at its end', async () => {
  const withSlash = (issuer: unknown): string => `${issuer}/`
  const { john, provider } = await world({
    discovery: (document) => ({ ...document, issuer: withSlash(document.issuer) }),
    authorize: (redirect) => ({ ...redirect, iss: withSlash(redirect.iss) }),
    idTokenClaims: (claims) => ({ ...claims, iss: withSlash(claims.iss) }),
  })
  const { exitCode, stderr } = await john.run(['get-token', ...john.options(`${provider.issuer}/`)])
  expect(exitCode, stderr).toBe(0)
  const wrong = await john.run(['get-token', ...john.options(provider.issuer)])
  expect(wrong.exitCode).toBe(3)
})

test('Google and Dex have no page for the logout, and Dex no revocation: the session here is deleted', async () => {
  const { john, getToken } = await world({
    discovery: (document) => without(document, 'end_session_endpoint', 'revocation_endpoint'),
  })
  await john.run(getToken)
  expect(sessionFiles(john.sessions)).toHaveLength(1)
  const { exitCode, stderr } = await john.run(['logout', `--certificate-authority=${john.caPath}`])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('the provider offers no revocation. It ends by itself.')
  expect(stderr).toContain('Deleted the session of john')
  expect(stderr).not.toContain('visit')
  expect(sessionFiles(john.sessions)).toEqual([])
})

test('Dex issues a token for two clients, and names this one in azp', async () => {
  const { john, getToken } = await world({
    idTokenClaims: (claims) => ({ ...claims, aud: ['other', 'kubernetes'], azp: 'kubernetes' }),
  })
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
})

test('GitLab issues ID tokens for two minutes: they are used for most of them', async () => {
  const { john, provider, getToken } = await world({}, 120)
  await john.run(getToken)
  const { refreshAt, expiresAt } = readSession(john.sessions)
  const marginMs = Number(expiresAt) - Number(refreshAt)
  expect(marginMs).toBeGreaterThan(5_000)
  expect(marginMs).toBeLessThanOrEqual(12_000)
  const before = provider.requests.length
  expect((await john.run(getToken)).exitCode).toBe(0)
  expect(provider.requests).toHaveLength(before)
})
