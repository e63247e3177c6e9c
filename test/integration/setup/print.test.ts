import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { confidentialClientSecret } from '../../world/provider-clients.ts'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import { computer, stopped } from '../../world/world.ts'
import { kubeconfigPath, withProvider, writeKubeconfig } from './setting.ts'

const isPosix = process.platform !== 'win32'
const hasKubectl = isPosix && spawnSync('kubectl', ['version', '--client']).status === 0

test('without a provider, setup prints its help, as kubelogin does', async () => {
  const john = await computer()
  const { exitCode, stdout, stderr } = await john.run(['setup'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toContain('Usage: kubectl oidc-login setup [options] [url]')
})

test.each([
  [['--oidc-issuer-url=https://sso.example.com'], '--oidc-client-id'],
  [['--oidc-client-id=kubernetes'], '--oidc-issuer-url'],
  [['--write'], '--oidc-issuer-url'],
])('with half of a provider, the other half is asked for: %j', async (args, missing) => {
  const john = await computer()
  const { exitCode, stderr } = await john.run(['setup', ...args])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`The option ${missing} is missing.`)
})

test('setup signs in, shows the claims, prints what to run, and keeps nothing', async () => {
  const { john, provider, setup } = await withProvider()
  const { exitCode, stdout, stderr } = await john.run(setup)
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain(`"iss": "${provider.issuer}"`)
  expect(stderr).toContain('"preferred_username": "john"')
  expect(stderr + stdout).not.toMatch(/eyJ[\w-]{8,}\.[\w-]+/)
  expect(stdout).toContain('kubectl config set-credentials oidc \\\n')
  expect(stdout).toContain(`--exec-arg=--oidc-issuer-url=${provider.issuer}`)
  expect(stdout).toContain('--exec-interactive-mode=IfAvailable')
  // Options that nobody has given are not there.
  expect(stdout).not.toContain('--grant-type')
  expect(existsSync(john.sessions)).toBe(false)
  expect(existsSync(kubeconfigPath(john))).toBe(false)
})

test.runIf(hasKubectl)(
  'what is printed is a script: kubectl writes the very arguments that were given',
  async () => {
    const { john, provider } = await withProvider()
    writeKubeconfig(john)
    const tricky = [
      '--oidc-extra-scope=a,"b,c"',
      "--oidc-auth-request-extra-params=login_hint=it's john",
      '--oidc-auth-request-extra-params="topic=https://cluster?a=b,c",ui=dark',
      '--oidc-request-header=X-One=1,2',
      '--skip-open-browser=false',
      '--token-cache-dir=~/cache',
    ]
    const options = john.options(provider.issuer, ...tricky)
    const { exitCode, stdout, stderr } = await john.run(['setup', ...options])
    expect(exitCode, stderr).toBe(0)
    const script = join(john.home, 'setup.sh')
    writeFileSync(script, stdout)
    const env = { ...process.env, KUBECONFIG: kubeconfigPath(john) }
    const { status } = spawnSync('sh', ['-e', script], { env, encoding: 'utf8' })
    expect(status).toBe(0)
    const { users, contexts } = parse(readFileSync(kubeconfigPath(john), 'utf8'))
    expect(contexts[0].context.user).toBe('oidc')
    const { args } = users.find(({ name }: { name: string }) => name === 'oidc').user.exec
    expect(args).toEqual(
      expect.arrayContaining([
        '--oidc-extra-scope=profile',
        '--oidc-extra-scope=a',
        '--oidc-extra-scope="b,c"',
        "--oidc-auth-request-extra-params=login_hint=it's john",
        '--oidc-auth-request-extra-params="topic=https://cluster?a=b,c"',
        '--oidc-auth-request-extra-params=ui=dark',
        '--oidc-request-header=X-One=1,2',
        '--skip-open-browser=false',
        '--token-cache-dir=~/cache',
      ]),
    )
    // The arguments mean what was given: the session of the one is that of the other.
    const first = await john.run(['get-token', ...options])
    const pages = john.openedPages()
    const second = await john.run([...args.slice(args.indexOf('get-token'))])
    expect([first.exitCode, second.exitCode]).toEqual([0, 0])
    expect(second.stdout).toBe(first.stdout)
    expect(john.openedPages()).toBe(pages)
  },
)

test('secrets are never printed, and how kubectl gets them is said', async () => {
  const { john, options } = await withProvider()
  const secret = `--oidc-client-secret=${confidentialClientSecret}`
  const { exitCode, stdout, stderr } = await john.run([
    'setup',
    ...options,
    '--oidc-client-id=kubernetes-confidential',
    secret,
    '--oidc-request-header=X-Api-Key=am9objpqb2hu',
  ])
  expect(exitCode, stderr).toBe(0)
  expect((stdout + stderr).includes(confidentialClientSecret)).toBe(false)
  expect(stdout + stderr).not.toContain('am9obj')
  expect(stdout).toMatch(
    /#.*--oidc-client-secret\. Put it into a file and give --oidc-client-secret-file, or set KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET/,
  )
  expect(stdout).toMatch(/#.*--oidc-request-header\. Set KUBECTL_OIDC_LOGIN_OIDC_REQUEST_HEADER/)
})

test('claims that would deceive a terminal are escaped, and tokens inside them are not shown', async () => {
  const john = await computer()
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks: {
        idTokenClaims: (claims) => ({
          ...claims,
          name: 'red\u001b[31m\u202e\u{e0001}',
          inner: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJqIn0.c2ln',
        }),
      },
    }),
  )
  const { exitCode, stderr } = await john.run(['setup', ...john.options(provider.issuer)])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('"name": "red\\u001b[31m\\u202e\\udb40\\udc01"')
  expect(stderr).toContain('"inner": "(a token, not shown)"')
})
