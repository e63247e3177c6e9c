import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kubeloginFlags } from '../../tools/kubelogin-flags.ts'
import { signInThroughForm } from '../world/login-driver.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { sessionFiles } from '../world/sessions.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

async function world(hooks: ScriptedHooks = {}) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, hooks }))
  return { john, provider, getToken: ['get-token', ...john.options(provider.issuer)] }
}

test('--oidc-request-header goes with every request to the provider', async () => {
  const { john, provider, getToken } = await world()
  const { exitCode, stderr } = await john.run([
    ...getToken,
    '--oidc-request-header=Origin=http://localhost,X-Other=1',
  ])
  expect(exitCode, stderr).toBe(0)
  const sent = provider.requests.filter(({ endpoint }) => endpoint !== 'authorization')
  expect(sent.map(({ endpoint, origin }) => ({ endpoint, origin }))).toEqual(
    ['discovery', 'jwks', 'token'].map((endpoint) => ({ endpoint, origin: 'http://localhost' })),
  )
})

test('scopes are sent in their order with openid last, and extra parameters beside them', async () => {
  const seen: URLSearchParams[] = []
  const { john, getToken } = await world({
    authorize: (redirect, query) => {
      seen.push(query)
      return redirect
    },
  })
  const { exitCode, stderr } = await john.run([
    ...getToken,
    '--oidc-extra-scope=groups,email',
    '--oidc-extra-scope=offline_access',
    '--oidc-auth-request-extra-params=claims={"id_token":{"groups":null},"x":1}',
    '--oidc-auth-request-extra-params=login_hint=john,resource=https://cluster?a=b',
  ])
  expect(exitCode, stderr).toBe(0)
  const [query] = seen
  expect(query?.get('scope')).toBe('profile groups email offline_access openid')
  expect(query?.get('claims')).toBe('{"id_token":{"groups":null},"x":1}')
  expect(query?.get('login_hint')).toBe('john')
  expect(query?.get('resource')).toBe('https://cluster?a=b')
  expect(query?.get('access_type')).toBe('offline')
})

test('the callback speaks https with a certificate of its own, and hands the browser on', async () => {
  const { john, provider, getToken } = await world()
  const { certPem, keyPem } = await john.authority.issue({ commonName: 'localhost' })
  writeFileSync(join(john.home, 'callback.crt'), certPem)
  writeFileSync(join(john.home, 'callback.key'), keyPem)
  const run = john.start([
    ...getToken,
    '--local-server-cert=~/callback.crt',
    '--local-server-key=~/callback.key',
    `--open-url-after-authentication=${provider.issuer}/welcome`,
    '--skip-open-browser',
  ])
  const [, url = ''] = await run.said(/visit this URL in your browser:\n\n {2}(\S+)\n/)
  expect(new URL(url).searchParams.get('redirect_uri')).toMatch(/^https:\/\/localhost:\d+$/)
  await signInThroughForm(url, { username: '', password: '', ca: john.authority.certPem })
  const { exitCode, stdout, stderr } = await run.ended
  expect(exitCode, stderr).toBe(0)
  expect(claimsOf(tokenOf(stdout)).preferred_username).toBe('john')
  expect(provider.requests.map(({ path }) => path)).toContain('/welcome')
})

test('a certificate of the callback without its key is refused, as kubelogin does', async () => {
  const { john, getToken } = await world()
  const { exitCode, stderr } = await john.run([...getToken, '--local-server-cert=~/callback.crt'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--local-server-cert and --local-server-key belong together')
})

/** A value for each flag of kubelogin that changes nothing here; those that the test gives are not named. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  'oidc-client-secret': ['--oidc-client-secret='],
  'oidc-redirect-url': ['--oidc-redirect-url='],
  'oidc-use-access-token': ['--oidc-use-access-token=false'],
  'oidc-request-header': ['--oidc-request-header=X-Tenant=a=b,Origin=http://localhost'],
  'oidc-pkce-method': ['--oidc-pkce-method=no'],
  'oidc-use-pkce': ['--oidc-use-pkce'],
  'force-refresh': ['--force-refresh=false'],
  'token-cache-dir': ['--token-cache-dir=~/sessions'],
  'token-cache-storage': ['--token-cache-storage=disk'],
  'certificate-authority-data': ['--certificate-authority-data='],
  'insecure-skip-tls-verify': ['--insecure-skip-tls-verify=false'],
  'tls-renegotiation-once': ['--tls-renegotiation-once'],
  'tls-renegotiation-freely': ['--tls-renegotiation-freely=true'],
  'grant-type': ['--grant-type=auto'],
  'skip-open-browser': ['--skip-open-browser=false'],
  'local-server-cert': ['--local-server-cert='],
  'local-server-key': ['--local-server-key='],
  'open-url-after-authentication': ['--open-url-after-authentication='],
  'oidc-auth-request-extra-params': ['--oidc-auth-request-extra-params=ui_locales=de'],
  username: ['--username='],
  password: ['--password='],
  v: ['-v1', '--v=1'],
  add_dir_header: ['--add_dir_header'],
  alsologtostderr: ['--alsologtostderr=true'],
  log_backtrace_at: ['--log_backtrace_at=:0'],
  log_dir: ['--log_dir', '/tmp'],
  log_file: ['--log_file=/tmp/kubelogin.log'],
  log_file_max_size: ['--log_file_max_size=1800'],
  logtostderr: ['--logtostderr'],
  one_output: ['--one_output'],
  skip_headers: ['--skip_headers'],
  skip_log_headers: ['--skip_log_headers'],
  stderrthreshold: ['--stderrthreshold=2'],
  vmodule: ['--vmodule=oidc=1'],
}

const given = [
  'oidc-issuer-url',
  'oidc-client-id',
  'oidc-extra-scope',
  'certificate-authority',
  'listen-address',
  'browser-command',
  'authentication-timeout-sec',
]

test('every flag of get-token is taken, all in one command line', async () => {
  const flags = kubeloginFlags.filter(({ commands }) => commands.includes('get-token'))
  const names = flags.map(({ name }) => name).filter((name) => name !== 'help')
  expect([...Object.keys(harmless), ...given].sort()).toEqual(names.sort())
  const seen: URLSearchParams[] = []
  const { john, getToken } = await world({
    authorize: (redirect, query) => {
      seen.push(query)
      return redirect
    },
  })
  const { exitCode, stdout, stderr } = await john.run([
    ...getToken,
    ...Object.values(harmless).flat(),
  ])
  expect(exitCode, stderr).toBe(0)
  expect(claimsOf(tokenOf(stdout)).preferred_username).toBe('john')
  expect(sessionFiles(join(john.home, 'sessions'))).toHaveLength(1)
  expect(seen[0]?.get('code_challenge_method')).toBe('S256')
})

test('every flag of setup is taken, all in one command line, and passed on', async () => {
  const flags = kubeloginFlags.filter(({ commands }) => commands.includes('setup'))
  const taken = Object.entries(harmless).filter(([name]) => flags.some((one) => one.name === name))
  const names = flags.map(({ name }) => name).filter((name) => name !== 'help')
  expect([...taken.map(([name]) => name), ...given].sort()).toEqual(names.sort())
  const { john, getToken } = await world()
  const options = [...getToken.slice(1), ...taken.flatMap(([, texts]) => texts)]
  const { exitCode, stdout, stderr } = await john.run(['setup', ...options])
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toContain('--exec-arg=--oidc-pkce-method=no ')
  expect(stdout).toContain('--exec-arg=--oidc-auth-request-extra-params=ui_locales=de ')
  expect(stdout).toContain('--exec-arg=--insecure-skip-tls-verify=false ')
})

test('flags of the logging are taken by every command', async () => {
  const { john } = await world()
  for (const command of ['version', 'clean']) {
    const { exitCode, stderr } = await john.run([command, '--logtostderr', '--vmodule=x=2', '-v=2'])
    expect(exitCode, stderr).toBe(0)
  }
})

test('what is taken for kubelogin alone is not shown', async () => {
  const { john } = await world()
  const { stdout } = await john.run(['help', 'get-token'])
  expect(stdout).toContain('--oidc-pkce-method')
  expect(stdout).not.toMatch(/oidc-use-pkce|logtostderr|vmodule/)
})
