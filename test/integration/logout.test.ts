import { readdirSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { expireSession, sessionFiles, storeSession } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

async function signedIn() {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, refreshTokens: 'always' }),
  )
  const options = john.options(provider.issuer)
  const browser = options.filter((option) => option.startsWith('--browser-command='))
  const { exitCode, stderr } = await john.run(['get-token', ...options])
  expect(exitCode, stderr).toBe(0)
  const endpoints = (name: string) => provider.requests.filter(({ endpoint }) => endpoint === name)
  return { john, provider, getToken: ['get-token', ...options], browser, endpoints }
}

test('logout without options revokes, ends the session at the provider, and deletes it here', async () => {
  const { john, getToken, browser, endpoints } = await signedIn()
  const { exitCode, stdout, stderr } = await john.run(['logout', ...browser])
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: '' })
  expect(stderr).toContain('Revoked the refresh token.')
  expect(stderr).toContain('Deleted the session of john')
  expect(stderr).toContain('Opened your browser to end the session at the provider.')
  expect(endpoints('revocation').map(({ status }) => status)).toEqual([200])
  expect(endpoints('end_session').length).toBeGreaterThan(0)
  expect(readdirSync(john.sessions)).toEqual([])

  const again = await john.run(getToken)
  expect(again.exitCode).toBe(0)
  expect(again.stderr).toContain('Opening your browser')
})

test.each(['--skip-open-browser', '--local'])(
  'logout %s prints the URL without any token',
  async (flag) => {
    const { john, provider, endpoints } = await signedIn()
    const { exitCode, stderr } = await john.run(['logout', flag])
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`${provider.issuer}/session/end?client_id=kubernetes`)
    expect(stderr).not.toContain('id_token_hint')
    expect(endpoints('revocation')).toHaveLength(1)
    expect(endpoints('end_session')).toEqual([])
    expect(sessionFiles(john.sessions)).toEqual([])
  },
)

test('logout without the provider deletes the session and says what could not be revoked', async () => {
  const { john, provider } = await signedIn()
  await provider.stop()
  const { exitCode, stderr } = await john.run(['logout'])
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/Nothing could be revoked at the provider: .* cannot be reached/)
  expect(stderr).toContain('Deleted the session of john')
  expect(sessionFiles(john.sessions)).toEqual([])
})

test('logout names a refused revocation and goes on', async () => {
  const { john, provider, browser } = await signedIn()
  provider.faults.always('revocation', { status: 503, body: { error: 'temporarily_unavailable' } })
  const { exitCode, stderr } = await john.run(['logout', ...browser])
  expect(exitCode).toBe(0)
  expect(stderr).toContain('The refresh token could not be revoked')
  expect(sessionFiles(john.sessions)).toEqual([])
})

test('logout with several sessions lists them and asks which one', async () => {
  const { john, provider } = await signedIn()
  const other = 'https://sso.example.com/realms/other'
  await storeSession(john.sessions, { issuer: other, username: 'jane' })
  const { exitCode, stderr } = await john.run(['logout'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`john at ${provider.issuer} (client kubernetes)`)
  expect(stderr).toContain(`jane at ${other} (client kubernetes)`)
  expect(stderr).toContain('--all')
  expect(sessionFiles(john.sessions)).toHaveLength(2)

  const one = await john.run(['logout', `--oidc-issuer-url=${provider.issuer}`, '--local'])
  expect(one.exitCode).toBe(0)
  expect(sessionFiles(john.sessions)).toHaveLength(1)
})

test('logout --all ends all sessions', async () => {
  const { john } = await signedIn()
  await storeSession(john.sessions, { issuer: 'http://127.0.0.1:9/gone' })
  const { exitCode } = await john.run(['logout', '--all', '--local'])
  expect(exitCode).toBe(0)
  expect(sessionFiles(john.sessions)).toEqual([])
})

test('logout without a session says so', async () => {
  const john = await computer()
  const { exitCode, stderr } = await john.run(['logout'])
  expect(exitCode).toBe(0)
  expect(stderr).toContain(`No session to end in ${john.sessions}`)
})

test('logout revokes the refresh token that another process has just got', async () => {
  const john = await computer()
  const issued: unknown[] = []
  const revoked: unknown[] = []
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks: {
        token: (_, answer) => {
          issued.push(answer.refresh_token)
          return answer
        },
        revoke: (form, answer) => {
          revoked.push(form.get('token'))
          return answer
        },
      },
    }),
  )
  const getToken = ['get-token', ...john.options(provider.issuer)]
  expect((await john.run(getToken)).exitCode).toBe(0)
  expireSession(john.sessions)
  provider.faults.once('token', { delayMs: 2_000 })
  const renewing = john.start(getToken)
  await vi.waitUntil(
    () => provider.requests.filter(({ endpoint }) => endpoint === 'token').length === 2,
    { timeout: 10_000 },
  )
  expect((await john.run(['logout', '--local'])).exitCode).toBe(0)
  expect((await renewing.ended).exitCode).toBe(0)
  expect(issued).toHaveLength(2)
  expect(revoked.length === 1 && revoked[0] === issued[1]).toBe(true)
  expect(sessionFiles(john.sessions)).toEqual([])
})

test('logout --all shows the secret of one client to no other provider', async () => {
  const john = await computer()
  const publicRevocations: boolean[] = []
  for (let count = 0; count < 2; count += 1) {
    const provider = stopped(
      await startScriptedProvider({
        authority: john.authority,
        hooks: {
          revoke: (form, answer) => {
            // A client that proves itself by Basic does not name itself in the form.
            publicRevocations.push(form.has('client_id') && !form.has('client_secret'))
            return answer
          },
        },
      }),
    )
    expect((await john.run(['get-token', ...john.options(provider.issuer)])).exitCode).toBe(0)
  }
  const secret = { KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET: 'of-one-client-only' }
  const { exitCode } = await john.run(['logout', '--all', '--local'], { env: secret })
  expect(exitCode).toBe(0)
  expect(publicRevocations).toEqual([true, true])
})
