import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signInThroughForm } from '../world/login-driver.ts'
import { startProvider } from '../world/provider.ts'
import { hasPseudoTerminal, startOnTerminal } from '../world/pseudo-terminal.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { Json, ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { sessionFiles } from '../world/sessions.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

async function world(hooks: ScriptedHooks = {}) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, hooks }))
  const options = ['get-token', ...john.options(provider.issuer)]
  return { john, provider, options, getToken: [...options, '--grant-type=device-code'] }
}

/** Answers polls with these, one after another, then honestly. */
function polls(...answers: readonly Json[]): ScriptedHooks {
  const pending = [...answers]
  // The scripted provider has spent the code with the first poll.
  let tokens: Json | undefined
  return {
    token: (_, honest) => {
      tokens ??= honest
      return pending.shift() ?? tokens
    },
  }
}

test('John signs in at a real provider with the code that the terminal shows', async () => {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  const args = ['get-token', ...john.options(provider.issuer), '--grant-type=device-code']
  const run = john.start([...args, '--skip-open-browser'])
  const [, page, code] = await run.said(
    /visit this URL.*:\n\n {2}(\S+)\n\nand enter the code (\S+)\./,
  )
  const url = `${page}?user_code=${code}`
  await signInThroughForm(url, { username: 'john', password: 'john-password', ca: provider.caPem })
  const { exitCode, stdout, stderr } = await run.ended
  expect(exitCode, stderr).toBe(0)
  expect(claimsOf(tokenOf(stdout))).toMatchObject({ preferred_username: 'john' })
})

test('the browser gets the page with the code filled in; both are printed as well', async () => {
  const { john, provider, getToken } = await world()
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  expect(john.openedPages()).toBe(1)
  expect(stderr).toContain(`${provider.issuer}/device\n`)
  expect(stderr).toMatch(/enter the code [\w-]{8}\./)
})

test.each([
  ['S256 when the provider offers it', [], true],
  ['none when the user says no', ['--oidc-pkce-method=no'], false],
])('PKCE: %s', async (_, more, isProtected) => {
  const seen = new Map<string, URLSearchParams>()
  const { john, getToken } = await world({
    authorizeDevice: (form, answer) => {
      seen.set('device', form)
      return answer
    },
    token: ({ form }, answer) => {
      seen.set('token', form)
      return answer
    },
  })
  const { exitCode, stderr } = await john.run([
    ...getToken,
    ...more,
    '--oidc-auth-request-extra-params=audience=cluster',
  ])
  expect(exitCode, stderr).toBe(0)
  const verifier = seen.get('token')?.get('code_verifier')
  const challenge = seen.get('device')?.get('code_challenge')
  expect(verifier !== null).toBe(isProtected)
  expect(seen.get('device')?.get('audience')).toBe('cluster')
  const expected = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url')
  if (isProtected) expect(challenge === expected).toBe(true)
  else expect(challenge).toBeNull()
})

test('Google says verification_url', async () => {
  const { john, provider, getToken } = await world({
    authorizeDevice: (_, { verification_uri, verification_uri_complete: __, ...answer }) => ({
      ...answer,
      verification_url: verification_uri,
    }),
  })
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain(`${provider.issuer}/device\n`)
})

test('it waits while the user has not signed in, and a broken connection does not end it', async () => {
  const { john, provider, getToken } = await world(
    polls({ error: 'authorization_pending' }, { status: 503, body: 'busy' }),
  )
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(3)
})

test('slow_down makes it ask five seconds less often', async () => {
  const { john, provider, getToken } = await world(polls({ error: 'slow_down' }))
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  const [first, second] = provider.requests.filter(({ endpoint }) => endpoint === 'token')
  expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(5_900)
})

test.each([
  ['the code ends', { expires_in: 2 }, ['--authentication-timeout-sec=60']],
  ['the time to sign in ends first', { expires_in: 600 }, ['--authentication-timeout-sec=2']],
])('nobody signs in, and %s: exit code 5', async (_, changes, more) => {
  const { john, getToken } = await world({
    authorizeDevice: (__, answer) => ({ ...answer, ...changes }),
    token: () => ({ error: 'authorization_pending' }),
  })
  const { exitCode, stdout, stderr } = await john.run([...getToken, ...more])
  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' })
  expect(stderr).toMatch(/Nobody signed in within 2 s\.\nRun the command again/)
})

describe('refusals', () => {
  const cases: Record<string, { hooks: ScriptedHooks; exitCode: number; says: RegExp }> = {
    'the user presses cancel': {
      hooks: polls({ error: 'access_denied', error_description: 'Not today.' }),
      exitCode: 4,
      says: /The sign-in was refused: access_denied \(Not today\)/,
    },
    'the code has expired': {
      hooks: polls({ error: 'expired_token' }),
      exitCode: 5,
      says: /Nobody signed in/,
    },
    'the client may not use it': {
      hooks: { authorizeDevice: () => ({ error: 'unauthorized_client' }) },
      exitCode: 4,
      says: /does not accept this client: unauthorized_client/,
    },
    'the provider has no such endpoint': {
      hooks: { discovery: ({ device_authorization_endpoint: _, ...document }) => document },
      exitCode: 3,
      says: /offers no device sign-in.*\n.*--grant-type=authcode/,
    },
    'the page is a local file': {
      hooks: {
        authorizeDevice: (_, answer) => ({ ...answer, verification_uri: 'file:///etc/passwd' }),
      },
      exitCode: 3,
      says: /page for the device sign-in that is not https/,
    },
    'the answer is no JSON': {
      hooks: { authorizeDevice: () => ({ status: 200, body: '<html>' }) },
      exitCode: 3,
      says: /does not work as an OpenID Connect provider/,
    },
  }

  test.each(Object.entries(cases))('%s', async (_, { hooks, exitCode, says }) => {
    const { john, getToken } = await world(hooks)
    const result = await john.run(getToken)
    expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode, stdout: '' })
    expect(result.stderr).toMatch(says)
    expect(sessionFiles(john.sessions)).toEqual([])
  })
})

describe('without a browser', () => {
  const env = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }
  const browserless = (args: readonly string[]) =>
    args.filter((option) => !option.startsWith('--browser-command='))

  test('auto takes the device code, and opens nothing', async () => {
    const { john, options } = await world()
    const { exitCode, stderr } = await john.run(browserless(options), { env })
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('on any device')
  })

  test.each<[string, ScriptedHooks]>([
    ['does not offer it', { discovery: ({ device_authorization_endpoint: _, ...rest }) => rest }],
    ['refuses it', { authorizeDevice: () => ({ error: 'unauthorized_client' }) }],
  ])('auto falls back to the browser sign-in when the provider %s', async (_, hooks) => {
    const { john, provider, options } = await world(hooks)
    const run = john.start(browserless(options), { env })
    const [, url] = await run.said(/visit this URL in your browser:\n\n {2}(\S+)\n/)
    expect(url?.startsWith(`${provider.issuer}/authorize?`)).toBe(true)
    await signInThroughForm(url ?? '', { username: '', password: '', ca: provider.caPem ?? '' })
    expect((await run.ended).exitCode).toBe(0)
  })
})

test('parallel calls use one code', async () => {
  const { john, provider, getToken } = await world(polls({ error: 'authorization_pending' }))
  const results = await Promise.all([john.run(getToken), john.run(getToken), john.run(getToken)])
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  const codes = provider.requests.filter(({ endpoint }) => endpoint === 'device_authorization')
  expect(codes).toHaveLength(1)
})

describe.runIf(hasPseudoTerminal)('at a terminal', () => {
  test('a QR code is drawn', async () => {
    const { john, getToken } = await world()
    const { exitCode, screen } = await startOnTerminal(getToken, { home: john.home }).ended
    expect(exitCode).toBe(0)
    expect(screen).toMatch(/[▀▄█]{20}/)
  })

  test('NO_COLOR is respected', async () => {
    const { john, getToken } = await world()
    const run = startOnTerminal(getToken, { home: john.home, env: { NO_COLOR: '1' } })
    const { screen } = await run.ended
    expect(screen).toMatch(/[▀▄█]{20}/)
    expect(screen.includes('\u001b[')).toBe(false)
  })
})

test('without a terminal no QR code is drawn', async () => {
  const { john, getToken } = await world()
  expect((await john.run(getToken)).stderr).not.toMatch(/[▀▄█]/)
})
