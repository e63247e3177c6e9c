import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProvider } from '../../world/provider.ts'
import { changeSession, sessionFiles } from '../../world/sessions.ts'
import { computer, stopped } from '../../world/world.ts'
import { examine, folderWithPlugin } from './examine.ts'

const isPosix = process.platform !== 'win32'

async function signedIn(refreshTokens: 'always' | 'never' = 'always') {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority, refreshTokens }))
  const options = john.options(provider.issuer)
  const { exitCode, stderr } = await john.run(['get-token', ...options])
  expect(exitCode, stderr).toBe(0)
  return {
    john,
    options,
    provider,
    file: join(john.sessions, sessionFiles(john.sessions)[0] ?? ''),
  }
}

test.runIf(isPosix)(
  'where John is signed in, everything is fine, in words and in figures',
  async () => {
    const { john, options } = await signedIn()
    const env = { PATH: folderWithPlugin() }
    const { of, exitCode } = await examine(john, options, env)
    expect(exitCode).toBe(0)
    expect(of('session')).toMatchObject({
      verdict: 'ok',
      message: expect.stringMatching(/^john is signed in; the token lasts until 20/),
    })
    for (const name of ['session-folder', 'lock', 'browser']) expect(of(name).verdict).toBe('ok')

    const text = await john.run(['doctor', ...options], { env })
    expect(text.exitCode).toBe(0)
    expect(text.stdout).toMatch(/^ok {7}plugin {10}"kubectl oidc-login" runs /m)
    expect(text.stdout).toMatch(/^17 checks: 12 ok, 1 warning, 0 failed, 4 skipped\.$/m)
    expect(text.stderr).toBe('')
  },
)

test('the doctor leaves everything as it was', async () => {
  const { john, options, provider } = await signedIn()
  const before = readdirSync(john.sessions)
  await examine(john, options)
  expect(readdirSync(john.sessions)).toEqual(before)
  expect(john.openedPages()).toBe(1)
  expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(1)
})

test('a session without a refresh token is a warning', async () => {
  const { john, options } = await signedIn('never')
  expect((await examine(john, options)).of('session')).toMatchObject({
    verdict: 'warning',
    remedy: expect.stringContaining('offline_access'),
  })
})

test('no session at all is nothing to look at', async () => {
  const john = await computer()
  const { of } = await examine(john, john.options('http://127.0.0.1:9'))
  expect(of('session')).toMatchObject({ verdict: 'skipped' })
  expect(of('session-folder')).toMatchObject({
    verdict: 'ok',
    message: expect.stringContaining('does not exist yet'),
  })
})

test('a session with other options explains an unexpected sign-in', async () => {
  const { john, options } = await signedIn()
  const { of } = await examine(john, [...options, '--oidc-extra-scope=groups'])
  expect(of('session')).toMatchObject({
    verdict: 'warning',
    message: expect.stringContaining('1 for the same client with other scopes'),
  })
})

test('a damaged session is a warning', async () => {
  const { john, options, file } = await signedIn()
  writeFileSync(file, '{')
  expect((await examine(john, options)).of('session')).toMatchObject({
    verdict: 'warning',
    message: 'The stored session is damaged: it is not complete JSON.',
  })
})

test.each([
  ['of another issuer', { iss: 'https://evil.example.com', aud: 'kubernetes' }, /not http/],
  ['for another client', { aud: ['x', 'y'] }, /The token is for x, y, not for kubernetes/],
])('a token %s has failed', async (_, claims, message) => {
  const { john, options, provider } = await signedIn()
  const payload = JSON.stringify({ iss: provider.issuer, ...claims })
  changeSession(john.sessions, {
    token: `header.${Buffer.from(payload).toString('base64url')}.signature`,
  })
  const { of, exitCode } = await examine(john, options)
  expect(of('session')).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(message),
    remedy: expect.stringContaining('logout'),
  })
  expect(exitCode).toBe(1)
})

test.runIf(isPosix)('a folder or a file that others can read has failed', async () => {
  const { john, options, file } = await signedIn()
  chmodSync(file, 0o644)
  expect((await examine(john, options)).of('session-folder')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('(mode 0644)'),
    remedy: `Run: chmod 600 ${file}`,
  })
  chmodSync(john.sessions, 0o755)
  expect((await examine(john, options)).of('session-folder')).toMatchObject({
    verdict: 'failed',
    remedy: `Run: chmod 700 ${john.sessions}`,
  })
})

test.runIf(isPosix && process.getuid?.() !== 0)(
  'a folder that is read-only has failed',
  async () => {
    const { john, options } = await signedIn()
    chmodSync(john.sessions, 0o500)
    expect((await examine(john, options)).of('session-folder')).toMatchObject({
      verdict: 'failed',
      message: expect.stringContaining('Nothing can be written'),
    })
    chmodSync(john.sessions, 0o700)
  },
)

test('a file in the place of the folder has failed', async () => {
  const john = await computer()
  mkdirSync(join(john.sessions, '..'), { recursive: true })
  writeFileSync(john.sessions, '')
  const { of } = await examine(john)
  expect(of('session-folder')).toMatchObject({
    verdict: 'failed',
    message: `${john.sessions} is not a folder.`,
  })
})

test('without stored sessions there is neither folder nor lock', async () => {
  const { of } = await examine(await computer(), ['--token-cache-storage=none'])
  expect(of('session-folder')).toMatchObject({ verdict: 'skipped' })
  expect(of('lock')).toMatchObject({ verdict: 'skipped' })
})

test('a process that signs in is named, and one that was killed holds up nobody', async () => {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  const options = john.options(provider.issuer)
  const run = john.start(['get-token', ...options, '--skip-open-browser'])
  await run.said(/visit this URL/)
  expect((await examine(john, options)).of('lock')).toMatchObject({
    verdict: 'warning',
    message: expect.stringMatching(
      `^Process ${run.child.pid} has been signing in for \\d+ seconds?;`,
    ),
  })
  run.child.kill('SIGKILL')
  await run.ended
  expect((await examine(john, options)).of('lock')).toMatchObject({
    verdict: 'ok',
    message: expect.stringContaining('has ended'),
  })
})
