import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import { computer, stopped } from '../../world/world.ts'
import { addScript, examine, folderWithPlugin, kubectlVersion } from './examine.ts'
import { type Wanted, writeKubeconfigOf } from './kubeconfig-of.ts'

const isPosix = process.platform !== 'win32'
const client = ['--oidc-issuer-url=https://sso.invalid', '--oidc-client-id=kubernetes']

/** What is said of a kubeconfig, with kubectl and the plugin on the PATH. */
async function examineKubeconfig(wanted: Wanted, ...args: readonly string[]) {
  const john = await computer()
  const path = writeKubeconfigOf(john, { args: client, ...wanted })
  const folder = folderWithPlugin()
  addScript(folder, 'kubectl', kubectlVersion('v1.33.1'))
  return { path, examined: await examine(john, args, { PATH: folder }) }
}

test.runIf(isPosix)('without options, those of the current context are examined', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const options = john.options(provider.issuer)
  writeKubeconfigOf(john, { args: options })
  const folder = folderWithPlugin()
  addScript(folder, 'kubectl', kubectlVersion('v1.33.1'))
  const { of, exitCode, checks, subject } = await examine(john, [], { PATH: folder })
  expect(of('kubeconfig')).toEqual({
    name: 'kubeconfig',
    verdict: 'ok',
    message: `The user "john" of the context "demo" signs in with this plugin at ${provider.issuer} (client kubernetes).`,
  })
  expect(of('discovery')).toMatchObject({ verdict: 'ok' })
  expect(of('browser').message).toContain('--browser-command')
  expect(subject).toEqual({
    context: 'demo',
    issuer: provider.issuer,
    clientId: 'kubernetes',
    apiServer: 'https://127.0.0.1:9',
  })
  expect(checks.filter(({ verdict }) => verdict === 'failed')).toEqual([])
  expect(exitCode).toBe(0)
  const other = await examine(john, ['--skip-open-browser'], { PATH: folder })
  expect(other.of('browser').message).toContain('the URL is printed')
})

test('options that name another provider are not mixed with those of the entry', async () => {
  const john = await computer()
  writeKubeconfigOf(john, { args: [...client, '--skip-open-browser'] })
  const { of } = await examine(john, [
    '--oidc-issuer-url=https://other.invalid',
    '--oidc-client-id=other',
    '--browser-command=firefox',
  ])
  expect(of('dns').message).toContain('other.invalid')
  expect(of('browser').message).toContain('--browser-command')
})

test.runIf(isPosix)('--context chooses another one, also from a list of files', async () => {
  const john = await computer()
  writeKubeconfigOf(john, { args: client })
  const second = join(john.home, 'second')
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'kubectl-oidc_login',
    args: ['get-token', '--oidc-issuer-url=https://second.invalid', '--oidc-client-id=two'],
    interactiveMode: 'Never',
  }
  writeFileSync(
    second,
    JSON.stringify({
      users: [{ name: 'jane', user: { exec } }],
      contexts: [{ name: 'two', context: { cluster: 'cluster', user: 'jane' } }],
    }),
  )
  const KUBECONFIG = `${join(john.home, '.kube', 'config')}:${second}`
  const { of } = await examine(john, ['--context=two'], { PATH: folderWithPlugin(), KUBECONFIG })
  expect(of('kubeconfig')).toMatchObject({
    verdict: 'ok',
    message: expect.stringContaining('https://second.invalid (client two)'),
  })
})

const v1alpha1 = 'client.authentication.k8s.io/v1alpha1'

test.runIf(isPosix).each<[string, Wanted['exec'], 'failed' | 'warning', RegExp, RegExp]>([
  ['a version that is gone', { apiVersion: v1alpha1 }, 'failed', /v1alpha1.*1\.24/, /io\/v1\./],
  ['no version', { apiVersion: undefined }, 'failed', /no apiVersion/, /io\/v1\./],
  ['another version', { apiVersion: 'v1' }, 'failed', /does not know/, /io\/v1\./],
  ['no mode', { interactiveMode: undefined }, 'failed', /no interactiveMode/, /IfAvailable/],
  ['an unknown mode', { interactiveMode: 'Maybe' }, 'failed', /Maybe/, /IfAvailable/],
  ['a mode that scripts do not survive', { interactiveMode: 'Always' }, 'warning', /stdin/, /IfAv/],
  [
    'a mode that forbids to type',
    {
      interactiveMode: 'Never',
      args: ['oidc-login', 'get-token', ...client, '--grant-type=password', '--username=john'],
    },
    'warning',
    /has to be typed/,
    /IfAvailable/,
  ],
  ['no command', { command: '' }, 'failed', /no command/, /command: kubectl/],
  ['a command that is not there', { command: 'kubelogin' }, 'failed', /not found/, /PATH/],
  [
    'a path that is not there',
    { command: './plugin' },
    'failed',
    /\.\/plugin is not found/,
    /PATH/,
  ],
  ['a path with ~', { command: '~/bin/kubelogin' }, 'failed', /does not replace ~/, /whole path/],
  ['another program', { command: '/bin/sh' }, 'warning', /another program/, /oidc-login/],
])('an entry with %s is objected to', async (_, exec, verdict, message, remedy) => {
  const { examined } = await examineKubeconfig(exec ? { exec } : {})
  expect(examined.of('kubeconfig')).toMatchObject({
    verdict,
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(remedy),
  })
})

test.each<[string, string[], RegExp]>([
  ['an unknown option', [...client, "--oidc-client-secrt=a'SECRET"], /Unknown option.*secrt/],
  ['a value that is none', [...client, '--grant-type=SECRET'], /--grant-type.*invalid value/],
  ['no client', client.slice(0, 1), /--oidc-client-id is missing/],
  ['a file that is not there', [...client, '--certificate-authority=/not/there'], /\/not\/there/],
])('arguments with %s are refused without any value', async (_, args, message) => {
  const john = await computer()
  writeKubeconfigOf(john, { args })
  const { of, exitCode } = await examine(john)
  expect(of('kubeconfig')).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(message),
  })
  expect(JSON.stringify(of('kubeconfig')).includes('SECRET')).toBe(false)
  expect(of('dns')).toMatchObject({ verdict: 'skipped' })
  expect(exitCode).toBe(1)
})

test('options in the environment variables of the entry count, below its arguments', async () => {
  const john = await computer()
  const variable = (name: string, value: string) => ({ name: `KUBECTL_OIDC_LOGIN_${name}`, value })
  const env = [
    variable('OIDC_ISSUER_URL', 'https://sso.invalid'),
    variable('OIDC_CLIENT_ID', 'overridden'),
  ]
  writeKubeconfigOf(john, { args: ['--oidc-client-id=mine'], exec: { env } })
  const { subject } = await examine(john, [], {
    KUBECTL_OIDC_LOGIN_OIDC_ISSUER_URL: 'https://environment.invalid',
  })
  expect(subject).toMatchObject({ issuer: 'https://sso.invalid', clientId: 'mine' })
})

test.each<[string, Wanted, string, RegExp, RegExp]>([
  [
    'the deprecated auth-provider',
    { user: { 'auth-provider': { name: 'oidc', config: { 'id-token': 'SECRET' } } } },
    'warning',
    /deprecated auth-provider "oidc"/,
    /setup --from-auth-provider/,
  ],
  ['a certificate', { user: { 'client-certificate': 'c' } }, 'skipped', /has no exec/, /^$/],
  [
    'the plugin of a cloud',
    { user: { exec: { command: 'aws', args: ['eks', 'get-token', '--cluster-name=a'] } } },
    'skipped',
    /runs aws/,
    /^$/,
  ],
  ['no context', { whole: { 'current-context': '' } }, 'warning', /no current/, /use-context/],
  ['a lost context', { whole: { 'current-context': 'x' } }, 'failed', /"x"/, /It has demo/],
  ['a lost user', { whole: { users: [] } }, 'failed', /the user "john", which is not/, /--user/],
  ['a lost cluster', { whole: { clusters: [] } }, 'failed', /the cluster "cluster"/, /--cluster/],
  [
    'an error',
    { whole: { users: 'john' } },
    'failed',
    /line \d+: "users" is not a list/,
    /kubectl/,
  ],
])('a kubeconfig with %s is recognized', async (_, wanted, verdict, message, remedy) => {
  const { examined, path } = await examineKubeconfig(wanted)
  const said = examined.of('kubeconfig')
  expect(said).toMatchObject({ verdict, message: expect.stringMatching(message) })
  expect(said.remedy ?? '').toMatch(remedy)
  expect(JSON.stringify(examined.checks).includes('SECRET')).toBe(false)
  expect(path).toBeTruthy()
})

test('no kubeconfig at all is nothing to look at', async () => {
  const { of } = await examine(await computer())
  expect(of('kubeconfig')).toMatchObject({
    verdict: 'skipped',
    message: expect.stringContaining('There is no kubeconfig'),
  })
})

test.runIf(isPosix)('a relative command begins at the folder of the kubeconfig', async () => {
  const john = await computer()
  const path = writeKubeconfigOf(john, { args: client, exec: { command: './bin/oidc-login' } })
  mkdirSync(join(path, '..', 'bin'))
  const script = join(path, '..', 'bin', 'oidc-login')
  const plugin = join(folderWithPlugin(), 'kubectl-oidc_login')
  writeFileSync(script, `#!/bin/sh\nexec '${process.execPath}' '${plugin}' "$@"\n`)
  chmodSync(script, 0o755)
  const { of } = await examine(john)
  expect(of('kubeconfig')).toMatchObject({ verdict: 'ok' })
})
