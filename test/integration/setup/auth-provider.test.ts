import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { startProvider } from '../../world/provider.ts'
import { confidentialClientSecret } from '../../world/provider-clients.ts'
import { claimsOf, computer, stopped, tokenOf } from '../../world/world.ts'
import { expectLastWords } from '../errors/expect-failure.ts'

interface Config {
  readonly issuer?: string
  readonly more?: string
}

/** A kubeconfig as kubectl before 1.26 used it. */
function text({ issuer = 'https://sso.example.com', more = '' }: Config = {}): string {
  return `# mine
apiVersion: v1
kind: Config
current-context: demo
contexts:
- name: demo
  context:
    cluster: demo
    user: john
- name: admin
  context:
    cluster: demo
    user: admin
users:
# signs in
- name: john
  user:
    auth-provider:
      name: oidc
      config:
        idp-issuer-url: ${issuer}
        client-id: kubernetes # public
        id-token: eyJhbGciOiJub25lIn0.eyJzdWIiOiJqIn0.c2ln
        refresh-token: the-refresh-token
${more}- name: admin
  user:
    token: a-token-of-the-administrator
`
}

async function world(config: Config = {}) {
  const john = await computer()
  const path = join(john.home, '.kube', 'config')
  mkdirSync(join(john.home, '.kube'))
  writeFileSync(path, text(config))
  return { john, path }
}

function userIn(path: string, name = 'john') {
  const { users } = parse(readFileSync(path, 'utf8'))
  return users.find((user: { name: string }) => user.name === name).user
}

test('a user with an auth-provider becomes one with this plugin, and its tokens are dropped', async () => {
  const { john, path } = await world({
    more: '        extra-scopes: groups,email\n        idp-certificate-authority: /etc/sso/ca.pem\n',
  })
  const { exitCode, stdout, stderr } = await john.run(['setup', '--from-auth-provider'])
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: '' })
  const user = userIn(path)
  expect(Object.keys(user)).toEqual(['exec'])
  expect(user.exec.args.slice(-6)).toEqual([
    'get-token',
    '--oidc-issuer-url=https://sso.example.com',
    '--oidc-client-id=kubernetes',
    '--certificate-authority=/etc/sso/ca.pem',
    '--oidc-extra-scope=groups',
    '--oidc-extra-scope=email',
  ])
  expect(user.exec.env).toBeUndefined()
  const after = readFileSync(path, 'utf8')
  expect(after).toContain('# mine\n')
  expect(after).toContain('# signs in\n')
  expect(after).toContain('token: a-token-of-the-administrator')
  expect(after).not.toMatch(/eyJ|the-refresh-token/)
  expect(stderr).toContain('The tokens that kubectl kept in the kubeconfig are dropped.')
  expect(stderr).toContain(`${path}.oidc-login.bak still holds them`)
  expect(readFileSync(`${path}.oidc-login.bak`, 'utf8')).toContain('the-refresh-token')
})

test('what was converted signs in, with the secret that stays where it was', async () => {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  const path = join(john.home, 'config')
  const caData = Buffer.from(john.authority.certPem).toString('base64')
  writeFileSync(
    path,
    text({
      issuer: provider.issuer,
      more: `        client-secret: ${confidentialClientSecret}\n        idp-certificate-authority-data: ${caData}\n`,
    }).replace('client-id: kubernetes', 'client-id: kubernetes-confidential'),
  )
  const browser = john.options('').find((option) => option.startsWith('--browser-command=')) ?? ''
  const { exitCode, stderr } = await john.run([
    'setup',
    '--from-auth-provider',
    `--kubeconfig=${path}`,
    '--listen-address=127.0.0.1:0',
    '--oidc-extra-scope=profile',
    browser,
  ])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('The client secret stays in the kubeconfig')
  expect(stderr.includes(confidentialClientSecret)).toBe(false)
  const { args, env } = userIn(path).exec
  expect(args.join(' ').includes(confidentialClientSecret)).toBe(false)
  const variables = Object.fromEntries(
    env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  )
  expect(Object.keys(variables)).toEqual(['KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET'])
  const call = args.slice(args.indexOf('get-token'))
  const signedIn = await john.run(call, { env: variables })
  expect(signedIn.exitCode, signedIn.stderr).toBe(0)
  expect(claimsOf(tokenOf(signedIn.stdout)).preferred_username).toBe('john')
})

test('a file for the secret takes it out of the kubeconfig', async () => {
  const { john, path } = await world({ more: '        client-secret: hush-hush\n' })
  const { exitCode, stderr } = await john.run([
    'setup',
    '--from-auth-provider',
    '--oidc-client-secret-file=~/secret',
  ])
  expect(exitCode, stderr).toBe(0)
  expect(readFileSync(path, 'utf8')).not.toContain('hush-hush')
  expect(userIn(path).exec.args).toContain('--oidc-client-secret-file=~/secret')
  expect(stderr).toContain('The client secret is not in the kubeconfig any more.')
  expect(stderr).toContain('.oidc-login.bak')
})

test('a dry run shows the change without its secrets, and changes nothing', async () => {
  const { john, path } = await world({ more: '        client-secret: hush-hush\n' })
  const { exitCode, stdout } = await john.run(['setup', '--from-auth-provider', '--dry-run'])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('-    auth-provider:\n')
  expect(stdout).toContain('+      - --oidc-client-id=kubernetes\n')
  expect(stdout).not.toMatch(/hush|eyJ|the-refresh-token/)
  expect(readFileSync(path, 'utf8')).toContain('auth-provider:')
  expect(existsSync(`${path}.oidc-login.bak`)).toBe(false)
})

test('--user and --context name who is converted; whoever has no auth-provider is left alone', async () => {
  const { john, path } = await world()
  const before = readFileSync(path, 'utf8')
  for (const option of ['--context=admin', '--user=admin', '--user=nobody']) {
    const { exitCode, stderr } = await john.run(['setup', '--from-auth-provider', option])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/error: The user "(admin|nobody)" of the kubeconfig (has|is)/)
    expect(stderr).toContain('These users can be converted: john.')
  }
  expect(readFileSync(path, 'utf8')).toBe(before)
  expect((await john.run(['setup', '--from-auth-provider', '--context=demo'])).exitCode).toBe(0)
  const again = await john.run(['setup', '--from-auth-provider'])
  expect(again.exitCode).toBe(2)
  expect(again.stderr).toContain('it runs a plugin already')
})

test('--write on such a user points to the conversion', async () => {
  const { john } = await world()
  const args = ['--oidc-issuer-url=https://sso.example.com', '--oidc-client-id=kubernetes']
  const { exitCode, stderr } = await john.run(['setup', ...args, '--write', '--user=john'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('kubectl oidc-login setup --from-auth-provider')
})

test.each([
  [[]],
  [['--context=demo', '-v1']],
  [['--user=john', '--grant-type=authcode']],
  [['-v1']],
])(
  '`auth_provider_replaced`: called without a command, with %j, says what replaced it and how to convert',
  async (args) => {
    const { john } = await world()
    expectLastWords(await john.run(args), {
      code: 'auth_provider_replaced',
      says: /Without a command, kubelogin kept the tokens of an auth-provider in the kubeconfig\. .* a credential plugin has replaced it\./,
      hint: /Convert the user "john": kubectl oidc-login setup --from-auth-provider --user=john/,
    })
  },
)

test('the kubeconfig that was named is part of the advice, ready for a shell', async () => {
  const { john, path } = await world()
  const other = join(john.home, "john's config")
  writeFileSync(other, readFileSync(path))
  writeFileSync(path, '')
  const { stderr } = await john.run([`--kubeconfig=${other}`])
  expect(stderr).toContain(`--user=john '--kubeconfig=${other.replace("'", "'\\''")}'\n`)
})

test('options without a command, and without an auth-provider, are met with the commands', async () => {
  const john = await computer()
  const { exitCode, stderr } = await john.run(['--oidc-issuer-url=https://sso.example.com'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('Name a command: "kubectl oidc-login help" lists them.')
})

test('without an auth-provider, a call without a command shows the commands, a damaged kubeconfig or not', async () => {
  const { john, path } = await world()
  for (const contents of ['', 'users:\n  a: b\n']) {
    writeFileSync(path, contents)
    const { exitCode, stdout } = await john.run([])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Usage: kubectl oidc-login [options] [command]')
  }
})
