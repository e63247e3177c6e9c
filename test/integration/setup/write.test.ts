import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { confidentialClientSecret } from '../../world/provider-clients.ts'
import { sessionFiles } from '../../world/sessions.ts'
import { expectFailure } from '../errors/expect-failure.ts'
import { adminKubeconfig, kubeconfigPath, withProvider, writeKubeconfig } from './setting.ts'

test('--write adds user and context, keeps everything else, and the session is there for kubectl', async () => {
  const { john, setup } = await withProvider()
  writeKubeconfig(john)
  const { exitCode, stdout, stderr } = await john.run([...setup, '--write'])
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: '' })
  const after = readFileSync(kubeconfigPath(john), 'utf8')
  for (const line of adminKubeconfig.split('\n')) {
    if (!line.startsWith('current-context')) expect(after).toContain(line)
  }
  expect(parse(after)).toMatchObject({
    'current-context': 'oidc@demo',
    contexts: [
      { name: 'admin' },
      { name: 'oidc@demo', context: { cluster: 'demo', user: 'oidc' } },
    ],
    users: [{ name: 'admin' }, { name: 'oidc' }],
  })
  expect(readFileSync(`${kubeconfigPath(john)}.oidc-login.bak`, 'utf8')).toBe(adminKubeconfig)
  expect(stderr).toContain('The current context is "oidc@demo". It was "admin"')
  expect(sessionFiles(john.sessions)).toHaveLength(1)
  const pages = john.openedPages()
  const { args } = parse(after).users[1].user.exec
  expect((await john.run(args)).exitCode).toBe(0)
  expect(john.openedPages()).toBe(pages)
})

test('--write again, with other options, updates the same user', async () => {
  const { john, setup } = await withProvider()
  writeKubeconfig(john)
  await john.run([...setup, '--write'])
  const { exitCode, stderr } = await john.run([...setup, '--write', '--oidc-extra-scope=email'])
  expect(exitCode, stderr).toBe(0)
  const { users, contexts } = parse(readFileSync(kubeconfigPath(john), 'utf8'))
  expect(users.map(({ name }: { name: string }) => name)).toEqual(['admin', 'oidc'])
  expect(users[1].user.exec.args).toContain('--oidc-extra-scope=email')
  expect(contexts).toHaveLength(2)
})

test('--write never gives the user of another provider a new one', async () => {
  const { john, setup, provider } = await withProvider()
  writeKubeconfig(
    john,
    `users:
- name: oidc
  user:
    exec:
      command: kubectl
      args: [oidc-login, get-token, --oidc-issuer-url=https://other.example.com, --oidc-client-id=x]
`,
  )
  const { exitCode, stdout, stderr } = await john.run([...setup, '--write', '--dry-run'])
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toContain(`+- name: oidc@${new URL(provider.issuer).host}\n`)
})

test('--write does not take away another way to sign in, and says how to name a new user', async () => {
  const { john, setup } = await withProvider()
  writeKubeconfig(john)
  const { exitCode, stderr } = await john.run([...setup, '--write', '--user=admin'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The user "admin" of the kubeconfig signs in another way (token).')
  expect(stderr).toContain('--user')
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toBe(adminKubeconfig)
  expect(john.openedPages()).toBe(0)
})

test('--user, --cluster and --context name the entries, in the file that --kubeconfig names', async () => {
  const { john, setup } = await withProvider()
  const path = join(john.home, 'other')
  writeFileSync(path, adminKubeconfig)
  const names = [`--kubeconfig=${path}`, '--user=john', '--cluster=demo', '--context=home']
  const { exitCode, stderr } = await john.run([...setup, '--write', ...names])
  expect(exitCode, stderr).toBe(0)
  expect(parse(readFileSync(path, 'utf8'))).toMatchObject({
    'current-context': 'home',
    contexts: [{}, { name: 'home', context: { cluster: 'demo', user: 'john' } }],
    users: [{}, { name: 'john' }],
  })
  const wrong = await john.run([...setup, '--write', `--kubeconfig=${path}`, '--cluster=nowhere'])
  expect(wrong.exitCode).toBe(2)
  expect(wrong.stderr).toContain('The kubeconfig has no cluster "nowhere".')
})

test('a list in KUBECONFIG is honoured: what is there is changed where it is', async () => {
  const { john, setup } = await withProvider()
  const [first, second] = [join(john.home, 'first'), join(john.home, 'second')]
  writeFileSync(first, 'apiVersion: v1\nkind: Config\n')
  writeFileSync(second, adminKubeconfig)
  const env = { KUBECONFIG: `${first}${delimiter}${second}` }
  const { exitCode, stderr } = await john.run([...setup, '--write'], { env })
  expect(exitCode, stderr).toBe(0)
  expect(parse(readFileSync(first, 'utf8'))).toMatchObject({
    users: [{ name: 'oidc' }],
    contexts: [{ name: 'oidc@demo' }],
  })
  expect(parse(readFileSync(second, 'utf8'))).toMatchObject({
    'current-context': 'oidc@demo',
    users: [{ name: 'admin' }],
  })
})

test('a dry run prints a diff without the secrets around it, writes nothing and signs nobody in', async () => {
  const { john, setup } = await withProvider()
  writeKubeconfig(john)
  const { exitCode, stdout, stderr } = await john.run([...setup, '--write', '--dry-run'])
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toContain('-current-context: admin\n+current-context: oidc@demo\n')
  expect(stdout).toContain('token: (not shown)')
  expect(stdout).not.toContain('a-token-of')
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toBe(adminKubeconfig)
  expect(john.openedPages()).toBe(0)
})

test('`kubeconfig_unwritable`: a kubeconfig that another program is changing is left alone', async () => {
  const { john, setup } = await withProvider()
  writeKubeconfig(john)
  const path = kubeconfigPath(john)
  writeFileSync(`${path}.lock`, '')
  expectFailure(await john.run([...setup, '--write', '-v1']), {
    code: 'kubeconfig_unwritable',
    says: /Another program is changing the kubeconfig .*\/\.kube\/config\./,
    hint: /Try again; when no program does, delete .*\.lock\./,
  })
  expect(readFileSync(path, 'utf8')).toBe(adminKubeconfig)
})

test('a secret on the command line is not written into a kubeconfig, and nobody signs in before that is said', async () => {
  const { john, setup } = await withProvider()
  const { exitCode, stderr } = await john.run([
    ...setup,
    '--write',
    '--oidc-client-secret=hush-hush',
  ])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--oidc-client-secret is a secret, and is not written into a kubeconfig')
  expect(stderr).toContain('give --oidc-client-secret-file')
  expect(stderr).not.toContain('hush-hush')
  expect(john.openedPages()).toBe(0)
})

test('a secret in a file or in the environment is written as a name, never as a value', async () => {
  const { john, options } = await withProvider()
  writeFileSync(join(john.home, 'secret'), confidentialClientSecret)
  const client = ['setup', ...options, '--oidc-client-id=kubernetes-confidential', '--write']
  const fromFile = await john.run([...client, '--oidc-client-secret-file=~/secret'])
  expect(fromFile.exitCode, fromFile.stderr).toBe(0)
  const written = readFileSync(kubeconfigPath(john), 'utf8')
  expect(written).toContain('- --oidc-client-secret-file=~/secret\n')
  const env = { KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET: confidentialClientSecret }
  const fromEnvironment = await john.run(client, { env })
  expect(fromEnvironment.exitCode, fromEnvironment.stderr).toBe(0)
  expect(fromEnvironment.stderr).toContain(
    'set KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET where kubectl runs',
  )
  expect(readFileSync(kubeconfigPath(john), 'utf8').includes(confidentialClientSecret)).toBe(false)
})

test('without --write the kubeconfig is not even read', async () => {
  const { john, setup } = await withProvider()
  writeKubeconfig(john, 'users:\n  a: b\n')
  const { exitCode, stderr } = await john.run(setup)
  expect(exitCode, stderr).toBe(0)
  const written = await john.run([...setup, '--write'])
  expect(written.exitCode).toBe(2)
  expect(written.stderr).toContain('line 2: "users" is not a list')
})
