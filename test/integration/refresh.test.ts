import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { PluginResult } from '../world/plugin.ts'
import { startProvider } from '../world/provider.ts'
import { changeSession, expireSession, readSession } from '../world/sessions.ts'
import { claimsOf, computer, fingerprintOf, stopped, tokenOf } from '../world/world.ts'

/** John has signed in, with a refresh token. */
async function signedIn(options: Partial<Parameters<typeof startProvider>[0]> = {}) {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, refreshTokens: 'always', ...options }),
  )
  const getToken = ['get-token', ...john.options(provider.issuer)]
  const { stdout, exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  const refreshes = () => provider.requests.filter(({ grantType }) => grantType === 'refresh_token')
  return { john, provider, getToken, first: stdout, refreshes }
}

test('an expired session is refreshed silently, and the new refresh token is kept', async () => {
  const { john, provider, getToken, refreshes } = await signedIn()
  const before = readSession(john.sessions)
  expireSession(john.sessions)
  const { exitCode, stdout, stderr } = await john.run(getToken)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(claimsOf(tokenOf(stdout)).iss).toBe(provider.issuer)
  const after = readSession(john.sessions)
  expect(after.refreshToken === before.refreshToken).toBe(false)
  expect([after.username, after.subject]).toEqual(['john', before.subject])
  expect(refreshes()).toHaveLength(1)
  expect(john.openedPages()).toBe(1)

  expireSession(john.sessions)
  expectSilence(await john.run(getToken))
})

test('--force-refresh refreshes a fresh session', async () => {
  const { john, getToken, refreshes } = await signedIn()
  expectSilence(await john.run([...getToken, '--force-refresh']))
  expect(refreshes()).toHaveLength(1)
  expect(john.openedPages()).toBe(1)
})

test('a refresh that returns no new refresh token keeps the old one', async () => {
  const { john, getToken } = await signedIn({ rotateRefreshTokens: false })
  const before = readSession(john.sessions).refreshToken
  expireSession(john.sessions)
  expectSilence(await john.run(getToken))
  expect(readSession(john.sessions).refreshToken === before).toBe(true)
})

test('a session that the provider has ended leads to one clean sign-in', async () => {
  const { john, provider, getToken } = await signedIn()
  provider.endSessions('john')
  expireSession(john.sessions)
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode).toBe(0)
  expect(stderr).toContain('The provider has ended the session. Signing in again.')
  expect(john.openedPages()).toBe(2)
})

test.each([
  // Dex up to 2.45; RFC 6749 §5.2 has invalid_grant for it.
  ['invalid_request', 'Refresh token is invalid or has already been claimed by another client.'],
  // Entra ID, when a rule has begun to demand a second factor.
  ['interaction_required', 'AADSTS50076'],
  ['login_required', 'x'],
  ['consent_required', 'x'],
])('a refresh token that is refused with %s leads to one clean sign-in', async (error, text) => {
  const { john, provider, getToken } = await signedIn()
  expireSession(john.sessions)
  provider.faults.once('token', { status: 400, body: { error, error_description: text } })
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('The provider has ended the session. Signing in again.')
  expect(john.openedPages()).toBe(2)
})

test.each([
  [
    'answers 500 with invalid_request',
    { status: 500, body: { error: 'invalid_request' } },
    /unava/,
  ],
  ['answers invalid_scope', { status: 400, body: { error: 'invalid_scope' } }, /invalid_scope/, 4],
  ['answers 500', { status: 500, body: 'oops' }, /unavailable/],
  [
    'answers 503 with JSON',
    { status: 503, body: { error: 'temporarily_unavailable' } },
    /unavailable/,
  ],
  ['answers 429', { status: 429, headers: { 'retry-after': '600' } }, /status 429/],
  ['cuts the connection', 'reset', /cannot be reached/],
  ['answers HTML', { status: 200, body: '<html>maintenance</html>' }, /does not work as an OpenID/],
  ['answers nothing', { status: 200 }, /does not work as an OpenID/],
] as const)(
  'a provider that %s on refresh opens no browser and loses no session',
  async (_, fault, says, code: number = 3) => {
    const { john, provider, getToken } = await signedIn()
    expireSession(john.sessions)
    const before = readSession(john.sessions)
    provider.faults.always('token', fault)
    const { exitCode, stdout, stderr } = await john.run(getToken)
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' })
    expect(stderr).toMatch(says)
    expect(isDeepStrictEqual(readSession(john.sessions), before)).toBe(true)
    expect(john.openedPages()).toBe(1)

    provider.faults.clear()
    expectSilence(await john.run(getToken))
    expect(john.openedPages()).toBe(1)
  },
)

test('a hiccup of the provider is repeated, not shown', async () => {
  const { john, provider, getToken, refreshes } = await signedIn()
  expireSession(john.sessions)
  provider.faults.once('discovery', { status: 502, body: 'bad gateway' })
  provider.faults.once('token', 'reset', { status: 503 })
  expectSilence(await john.run(getToken))
  expect(refreshes()).toHaveLength(1)
})

test('a provider whose keys cannot be had loses no session: the refresh token is not spent', async () => {
  const { john, provider, getToken, refreshes } = await signedIn()
  expireSession(john.sessions)
  provider.faults.always('jwks', { status: 503 })
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode).toBe(3)
  expect(stderr).toContain('signing keys')
  expect(refreshes()).toEqual([])
  provider.faults.clear()
  expectSilence(await john.run(getToken))
  expect(john.openedPages()).toBe(1)
})

test('a provider that never answers is given up on at the deadline', async () => {
  const { john, provider, getToken } = await signedIn()
  expireSession(john.sessions)
  provider.faults.always('token', 'hang')
  const { exitCode, stderr } = await john.run([...getToken, '--request-timeout-sec=1'])
  expect(exitCode).toBe(3)
  expect(stderr).toContain('did not answer within 1')
  expect(john.openedPages()).toBe(1)
})

test('a token that has not ended yet is used when the provider cannot be reached', async () => {
  const { john, provider, getToken, first } = await signedIn()
  const now = Date.now()
  changeSession(john.sessions, { refreshAt: now - 1_000, expiresAt: now + 50_000 })
  await provider.stop()
  const { exitCode, stdout, stderr } = await john.run(getToken)
  expect(exitCode).toBe(0)
  expect(fingerprintOf(stdout)).toBe(fingerprintOf(first))
  expect(stderr).toMatch(/lasts \d+ seconds more/)
})

test('a clock that was set back makes the session be refreshed', async () => {
  const { john, getToken, refreshes } = await signedIn()
  const tomorrow = Date.now() + 24 * 3_600_000
  changeSession(john.sessions, {
    obtainedAt: tomorrow,
    refreshAt: tomorrow + 3_540_000,
    expiresAt: tomorrow + 3_600_000,
  })
  expectSilence(await john.run(getToken))
  expect(refreshes()).toHaveLength(1)
})

test('20 parallel calls with an expired session make one refresh', async () => {
  const { john, getToken, refreshes } = await signedIn()
  expireSession(john.sessions)
  const results = await Promise.all(Array.from({ length: 20 }, () => john.run(getToken)))
  expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(0))
  expect(new Set(results.map(({ stdout }) => fingerprintOf(stdout))).size).toBe(1)
  expect(refreshes()).toHaveLength(1)
  expect(john.openedPages()).toBe(1)
})

test('20 parallel calls without a session open one browser', async () => {
  const { john, getToken } = await signedIn()
  await john.run(['clean'])
  const results = await Promise.all(Array.from({ length: 20 }, () => john.run(getToken)))
  expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(0))
  expect(new Set(results.map(({ stdout }) => fingerprintOf(stdout))).size).toBe(1)
  expect(john.openedPages()).toBe(2)
})

test('20 parallel calls whose sign-in is refused open one browser', async () => {
  const john = await computer({ cancel: true })
  const provider = stopped(await startProvider({ authority: john.authority }))
  const getToken = ['get-token', ...john.options(provider.issuer)]
  const results = await Promise.all(Array.from({ length: 20 }, () => john.run(getToken)))
  expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(4))
  expect(john.openedPages()).toBe(1)
})

test('kill -9 at any moment of a refresh leaves a session that can be used or replaced', async () => {
  const { john, provider, getToken } = await signedIn()
  for (let delayMs = 0; delayMs <= 400; delayMs += 40) {
    expireSession(john.sessions)
    const run = john.start(getToken)
    await new Promise((done) => setTimeout(done, delayMs))
    run.child.kill('SIGKILL')
    await run.ended
    const { exitCode, stdout, stderr } = await john.run(getToken)
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout)).iss).toBe(provider.issuer)
  }
})

test('a waiter says whom it waits for and gives up at its deadline', async () => {
  const { john, getToken } = await signedIn()
  await john.run(['clean'])
  const holder = john.start([...getToken, '--skip-open-browser'])
  await holder.said(/visit this URL/)
  const waiter = await john.run([...getToken, '--lock-timeout-sec=2'])
  expect({ exitCode: waiter.exitCode, stdout: waiter.stdout }).toEqual({ exitCode: 6, stdout: '' })
  expect(waiter.stderr).toContain(
    `Waiting for process ${holder.child.pid}, which has been signing in`,
  )
  holder.child.kill('SIGKILL')
  await holder.ended
  expect((await john.run(getToken)).exitCode).toBe(0)
})

function expectSilence({ exitCode, stderr }: PluginResult): void {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
}
