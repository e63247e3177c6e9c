import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { pluginCommand } from '../world/plugin-command.ts'
import { startProvider } from '../world/provider.ts'
import { confidentialClientSecret } from '../world/provider-clients.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { readSession, sessionFiles } from '../world/sessions.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

async function johnsWorld(options: Partial<Parameters<typeof startProvider>[0]> = {}) {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority, ...options }))
  return { john, provider, getToken: ['get-token', ...john.options(provider.issuer)] }
}

test('get-token signs John in through the browser and prints one line of ExecCredential', async () => {
  const { john, provider, getToken } = await johnsWorld()
  const { exitCode, stdout, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  expect(stdout.match(/\n/g)).toHaveLength(1)
  const credential = JSON.parse(stdout)
  expect(credential).toMatchObject({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1beta1',
  })
  expect(claimsOf(tokenOf(stdout))).toMatchObject({
    iss: provider.issuer,
    aud: 'kubernetes',
    preferred_username: 'john',
  })
  expect(john.openedPages()).toBe(1)
})

test('get-token is silent the second time: no request, no browser', async () => {
  const { john, provider, getToken } = await johnsWorld()
  const first = await john.run(getToken)
  const requests = provider.requests.length
  const second = await john.run(getToken)
  expect({ exitCode: second.exitCode, stderr: second.stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(second.stdout === first.stdout).toBe(true)
  expect(provider.requests).toHaveLength(requests)
  expect(john.openedPages()).toBe(1)
})

test('get-token tells kubectl to ask again a minute before the token ends', async () => {
  const { john, getToken } = await johnsWorld()
  const { stdout } = await john.run(getToken)
  const told = Date.parse(JSON.parse(stdout).status.expirationTimestamp)
  const { exp } = claimsOf(tokenOf(stdout))
  expect(Number(exp) * 1000 - told).toBeGreaterThanOrEqual(60_000)
  expect(Number(exp) * 1000 - told).toBeLessThan(65_000)
})

test('get-token answers in the version that kubectl speaks', async () => {
  const { john, getToken } = await johnsWorld()
  for (const apiVersion of [
    'client.authentication.k8s.io/v1',
    'client.authentication.k8s.io/v1beta1',
  ]) {
    const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false } }
    const { stdout } = await john.run(getToken, {
      env: { KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    })
    expect(JSON.parse(stdout).apiVersion).toBe(apiVersion)
  }
})

test.each([
  ['an unknown version', '{"apiVersion":"client.authentication.k8s.io/v9"}', /v9/],
  ['no JSON', '{', /KUBERNETES_EXEC_INFO/],
])(
  'get-token refuses %s in KUBERNETES_EXEC_INFO before anything is asked',
  async (_, info, says) => {
    const { john, provider, getToken } = await johnsWorld()
    const { exitCode, stdout, stderr } = await john.run(getToken, {
      env: { KUBERNETES_EXEC_INFO: info },
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(says)
    expect(provider.requests).toEqual([])
    expect(john.openedPages()).toBe(0)
  },
)

test('get-token signs in with a confidential client', async () => {
  const { john, provider } = await johnsWorld()
  const { exitCode, stdout, stderr } = await john.run([
    'get-token',
    ...john.options(
      provider.issuer,
      '--oidc-client-id=kubernetes-confidential',
      `--oidc-client-secret=${confidentialClientSecret}`,
    ),
  ])
  expect(exitCode, stderr).toBe(0)
  expect(claimsOf(tokenOf(stdout)).aud).toBe('kubernetes-confidential')
})

test('a secret can come from the environment', async () => {
  const { john, provider } = await johnsWorld()
  const args = [
    'get-token',
    ...john.options(provider.issuer, '--oidc-client-id=kubernetes-confidential'),
  ]
  const { exitCode, stderr } = await john.run(args, {
    env: { KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET: confidentialClientSecret },
  })
  expect(exitCode, stderr).toBe(0)
})

test('a wrong client secret is named as such', async () => {
  const { john, provider } = await johnsWorld()
  const { exitCode, stdout, stderr } = await john.run([
    'get-token',
    ...john.options(
      provider.issuer,
      '--oidc-client-id=kubernetes-confidential',
      '--oidc-client-secret=wrong-secret',
    ),
  ])
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
  expect(stderr).toContain('does not accept this client')
  expect(stderr).toContain('--oidc-client-secret')
})

test('the ports, redirect URI and options of a kubelogin kubeconfig are accepted as they are', async () => {
  const { john, provider } = await johnsWorld()
  const { exitCode, stdout, stderr } = await john.run([
    'get-token',
    '-v=1',
    ...john.options(
      provider.issuer,
      '--oidc-extra-scope=email,groups,profile',
      '--oidc-extra-scope=offline_access',
      '--oidc-pkce-method=S256',
      '--oidc-auth-request-extra-params=prompt=login,ui_locales=de',
      '--oidc-request-header=X-Tenant=a=b',
      '--grant-type=authcode',
      '--authentication-timeout-sec=60',
      '--token-cache-storage=disk',
      '--insecure-skip-tls-verify=false',
      '--skip-open-browser=false',
      '--force-refresh=false',
    ),
  ])
  expect(exitCode, stderr).toBe(0)
  expect(claimsOf(tokenOf(stdout))).toMatchObject({ groups: ['developers'] })
  expect(readSession(john.sessions).username).toBe('john')
})

test('--certificate-authority-data and --insecure-skip-tls-verify reach the provider, too', async () => {
  const { john, provider, getToken } = await johnsWorld()
  const withoutFile = getToken.filter((option) => !option.startsWith('--certificate-authority='))
  const data = Buffer.from(provider.caPem).toString('base64')
  const inline = await john.run([...withoutFile, `--certificate-authority-data=${data}`])
  expect(inline.exitCode).toBe(0)
  await john.run(['clean'])
  const unverified = await john.run([...withoutFile, '--insecure-skip-tls-verify'])
  expect(unverified.exitCode).toBe(0)
  await john.run(['clean'])
  const untrusted = await john.run(withoutFile)
  expect(untrusted.exitCode).toBe(3)
  expect(untrusted.stderr).toMatch(/not trusted.*\n.*--certificate-authority/)
})

test('--oidc-use-access-token gives the access token to kubectl', async () => {
  const { john, provider, getToken } = await johnsWorld({ accessTokenTtlSec: 600 })
  const { exitCode, stdout, stderr } = await john.run([...getToken, '--oidc-use-access-token'])
  expect(exitCode, stderr).toBe(0)
  const session = readSession(john.sessions)
  expect(tokenOf(stdout) === session.token).toBe(true)
  expect(claimsOf(String(session.idToken)).iss).toBe(provider.issuer)
  expect(Number(session.expiresAt)).toBeLessThan(Date.now() + 601_000)
  expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(1)
})

test('--token-cache-storage=none keeps nothing', async () => {
  const { john, getToken } = await johnsWorld()
  const args = [...getToken, '--token-cache-storage=none']
  expect((await john.run(args)).exitCode).toBe(0)
  expect((await john.run(args)).exitCode).toBe(0)
  expect(john.openedPages()).toBe(2)
})

test('login signs in again, prints nothing to stdout and says who signed in', async () => {
  const { john, provider, getToken } = await johnsWorld()
  await john.run(getToken)
  const { exitCode, stdout, stderr } = await john.run(['login', ...john.options(provider.issuer)])
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
  expect(stderr).toContain('Signed in as john.')
  expect(john.openedPages()).toBe(2)
})

test('a provider that issues no refresh token gets one advice, once', async () => {
  const { john, getToken } = await johnsWorld({ idTokenTtlSec: 1 })
  const first = await john.run(getToken)
  expect(first.stderr).toContain('offline_access')
  await new Promise((done) => setTimeout(done, 1_100))
  const second = await john.run(getToken)
  expect(second.exitCode).toBe(0)
  expect(second.stderr).not.toContain('offline_access')
  expect(john.openedPages()).toBe(2)
})

test('John presses cancel: the terminal and the exit code say so, and nothing is kept', async () => {
  const john = await computer({ cancel: true })
  const provider = stopped(await startProvider({ authority: john.authority }))
  const { exitCode, stdout, stderr } = await john.run([
    'get-token',
    ...john.options(provider.issuer),
  ])
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
  expect(stderr).toContain('access_denied')
  expect(sessionFiles(john.sessions)).toEqual([])
})

test('a refused sign-in cools down for programs, and login ignores that', async () => {
  const john = await computer({ cancel: true })
  const provider = stopped(await startProvider({ authority: john.authority }))
  const getToken = ['get-token', ...john.options(provider.issuer)]
  await john.run(getToken)
  const again = await john.run(getToken)
  expect(again.exitCode).toBe(4)
  expect(again.stderr).toMatch(/the last one failed \d+ seconds? ago.*access_denied/)
  expect(john.openedPages()).toBe(1)
  await john.run(['login', ...john.options(provider.issuer)])
  expect(john.openedPages()).toBe(2)
})

test('nobody signs in: the time ends with its own exit code', async () => {
  const { john, getToken } = await johnsWorld()
  const { exitCode, stdout, stderr } = await john.run([
    ...getToken,
    '--skip-open-browser',
    '--authentication-timeout-sec=1',
  ])
  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' })
  expect(stderr).toContain('Nobody signed in within 1 s.')
})

test.runIf(process.platform !== 'win32')('Ctrl-C ends a sign-in at once with 130', async () => {
  const { john, getToken } = await johnsWorld()
  const run = john.start([...getToken, '--skip-open-browser'])
  await run.said(/visit this URL/)
  run.child.kill('SIGINT')
  expect(await run.ended).toMatchObject({ exitCode: 130, stdout: '' })
})

test('rm -r of the cache is a logout: the next call signs in without complaint', async () => {
  const { john, getToken } = await johnsWorld()
  await john.run(getToken)
  const { rmSync } = await import('node:fs')
  rmSync(john.sessions, { recursive: true })
  expect((await john.run(getToken)).exitCode).toBe(0)
  expect(john.openedPages()).toBe(2)
})

test('clean deletes the sessions and leaves what is not ours', async () => {
  const { john, getToken } = await johnsWorld()
  await john.run(getToken)
  const { writeFileSync, readdirSync } = await import('node:fs')
  const kubelogin = `${'ab'.repeat(32)}`
  writeFileSync(`${john.sessions}/${kubelogin}`, '{}')
  const { exitCode, stderr } = await john.run(['clean'])
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/Deleted 1 session from .*\n1 other file was left/)
  expect(readdirSync(john.sessions)).toEqual([kubelogin])
})

test('no value of a mistyped option is repeated', async () => {
  const { john } = await johnsWorld()
  for (const option of [
    "--oidc-client-secrt=a'bSECRET",
    '--oidc-request-header=Authorization: Bearer SECRET',
    '--authentication-timeout-sec=SECRET',
  ]) {
    const { exitCode, stderr } = await john.run(['get-token', option])
    expect(exitCode).toBe(2)
    expect(stderr).not.toContain('SECRET')
    expect(stderr).toContain(option.split('=')[0])
  }
})

test('a name that would steer the terminal is made harmless', async () => {
  const name = 'jo\u001b]0;pwned\u0007hn\nerror: x'
  const john = await computer()
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks: { idTokenClaims: (claims) => ({ ...claims, preferred_username: name }) },
    }),
  )
  const { stderr } = await john.run(['login', ...john.options(provider.issuer)])
  expect(stderr).toContain('Signed in as jo ]0;pwned hn error: x.')
})

/** Runs the plugin with one of its streams sent elsewhere by a shell. */
function redirected({ home }: { readonly home: string }, args: readonly string[], to: string) {
  const command = ['-c', `exec "$@" ${to}`, 'sh', ...pluginCommand, ...args]
  return spawn('/bin/sh', command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: home },
  })
}

test.runIf(process.platform === 'linux')(
  'stderr that cannot be written ends no sign-in',
  async () => {
    const { john, getToken } = await johnsWorld()
    const child = redirected(john, getToken, '2>/dev/full')
    const stdout = await text(child.stdout)
    expect(JSON.parse(stdout).kind).toBe('ExecCredential')
  },
)

test.runIf(process.platform === 'linux')(
  'a sign-in is kept although its credential cannot be written, and the next command has it',
  async () => {
    const { john, getToken } = await johnsWorld()
    const child = redirected(john, getToken, '>/dev/full')
    expect(await text(child.stderr)).toContain('stdout cannot be written (ENOSPC)')
    expect(sessionFiles(john.sessions)).toHaveLength(1)
    const { exitCode, stdout } = await john.run(getToken)
    expect({ exitCode, kind: JSON.parse(stdout).kind }).toEqual({
      exitCode: 0,
      kind: 'ExecCredential',
    })
    expect(john.openedPages()).toBe(1)
  },
)
