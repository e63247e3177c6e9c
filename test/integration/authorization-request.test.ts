import type { JWTPayload } from 'jose'
import { expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { sessionFiles } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

async function signInWith(hooks: ScriptedHooks, parameters: string) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, hooks }))
  const more = `--oidc-auth-request-extra-params=${parameters}`
  const result = await john.run(['get-token', ...john.options(provider.issuer, more)])
  return { ...result, sessions: sessionFiles(john.sessions).length }
}

/** Claims about how John has signed in. */
function saying(more: (now: number) => JWTPayload): ScriptedHooks {
  return { idTokenClaims: (claims) => ({ ...claims, ...more(Math.floor(Date.now() / 1000)) }) }
}

test.each<[string, string, ScriptedHooks]>([
  ['a sign-in that is recent enough', 'max_age=300', saying((now) => ({ auth_time: now - 200 }))],
  ['the class that was asked for', 'acr_values=silver gold', saying(() => ({ acr: 'gold' }))],
  ['no word about the class', 'acr_values=gold', {}],
])('accepted: %s', async (_, parameters, hooks) => {
  const { exitCode, stderr } = await signInWith(hooks, parameters)
  expect(exitCode, stderr).toBe(0)
})

test.each<[string, string, ScriptedHooks, RegExp]>([
  [
    'a sign-in that is too old',
    'max_age=300',
    saying((now) => ({ auth_time: now - 900 })),
    /"auth_time" is older than max_age allows\.\nSign in again/,
  ],
  ['an age that is not told', 'max_age=300', {}, /"auth_time" is missing/],
  ['another class', 'acr_values=gold', saying(() => ({ acr: 'bronze' })), /"acr" is none of/],
])('refused: %s', async (_, parameters, hooks, says) => {
  const { exitCode, stdout, stderr, sessions } = await signInWith(hooks, parameters)
  expect({ exitCode, stdout, sessions }).toEqual({ exitCode: 4, stdout: '', sessions: 0 })
  expect(stderr).toMatch(says)
})

test('--oidc-par pushes the request to a real provider, and the URL says nothing of it', async () => {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, pushedAuthorizationRequests: true }),
  )
  const { exitCode, stderr } = await john.run([
    'get-token',
    ...john.options(provider.issuer, '--oidc-par'),
  ])
  expect(exitCode, stderr).toBe(0)
  const endpoints = provider.requests.map(({ endpoint }) => endpoint)
  expect(endpoints).toContain('pushed_authorization_request')
  expect(stderr).toContain('request_uri=')
  expect(stderr).not.toMatch(/[?&](scope|state|nonce|redirect_uri)=/)
})

test('a request is pushed where the provider demands it; one that cannot take it is named', async () => {
  const { exitCode, stderr } = await signInWith(
    { discovery: (document) => ({ ...document, require_pushed_authorization_requests: true }) },
    'prompt=login',
  )
  expect(exitCode).toBe(3)
  expect(stderr).toContain('lacks an endpoint that is needed')
})
