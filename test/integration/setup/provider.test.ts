import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { writePluginLauncher } from '../../world/plugin-launcher.ts'
import { startProvider } from '../../world/provider.ts'
import { john as johnAccount } from '../../world/provider-accounts.ts'
import { confidentialClientSecret } from '../../world/provider-clients.ts'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import { sessionFiles } from '../../world/sessions.ts'
import { type Computer, computer, stopped } from '../../world/world.ts'
import { expectFailure } from '../errors/expect-failure.ts'

const isPosix = process.platform !== 'win32'
const hasKubectl = isPosix && spawnSync('kubectl', ['version', '--client']).status === 0

async function world() {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, refreshTokens: 'always' }),
  )
  const options = john.options(provider.issuer, '--oidc-extra-scope=groups')
  return { john, provider, options, setup: ['setup', ...options] }
}

function kubeconfigPath(john: Computer): string {
  return join(john.home, '.kube', 'config')
}

/** A kubeconfig with a comment, an administrator and a cluster. */
const adminKubeconfig = `# mine
apiVersion: v1
kind: Config
current-context: admin
clusters:
- name: demo # the only one
  cluster:
    server: https://127.0.0.1:6443
contexts:
- name: admin
  context:
    cluster: demo
    user: admin
users:
- name: admin
  user:
    token: a-token-of-the-administrator
`

function writeKubeconfig(john: Computer, text = adminKubeconfig): void {
  mkdirSync(join(john.home, '.kube'), { recursive: true })
  writeFileSync(kubeconfigPath(john), text)
}

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
  const { john, provider, setup } = await world()
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
    const { john, provider } = await world()
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
  const { john, options } = await world()
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

test('--write adds user and context, keeps everything else, and the session is there for kubectl', async () => {
  const { john, setup } = await world()
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
  const { john, setup } = await world()
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
  const { john, setup, provider } = await world()
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
  const { john, setup } = await world()
  writeKubeconfig(john)
  const { exitCode, stderr } = await john.run([...setup, '--write', '--user=admin'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The user "admin" of the kubeconfig signs in another way (token).')
  expect(stderr).toContain('--user')
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toBe(adminKubeconfig)
  expect(john.openedPages()).toBe(0)
})

test('--user, --cluster and --context name the entries, in the file that --kubeconfig names', async () => {
  const { john, setup } = await world()
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
  const { john, setup } = await world()
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
  const { john, setup } = await world()
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
  const { john, setup } = await world()
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
  const { john, setup } = await world()
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
  const { john, options } = await world()
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

/** A PATH with the plugin and a kubectl made of these lines. */
function programs(john: Computer, kubectl: readonly string[]): { PATH: string; bin: string } {
  const bin = writePluginLauncher(john.home)
  const path = join(bin, 'kubectl')
  writeFileSync(path, ['#!/bin/sh', ...kubectl, ''].join('\n'))
  chmodSync(path, 0o755)
  return { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, bin }
}

async function writtenCommand(john: Computer, PATH: string): Promise<unknown> {
  const args = ['--oidc-issuer-url=https://sso.example.com', '--oidc-client-id=kubernetes']
  const { exitCode, stdout, stderr } = await john.run(['setup', ...args, '--dry-run'], {
    env: { PATH },
  })
  expect(exitCode, stderr).toBe(0)
  const added = stdout.match(/^\+.*$/gm) ?? []
  return parse(
    added
      .slice(1)
      .map((line) => line.slice(1))
      .join('\n'),
  ).users[0].user.exec
}

test.runIf(isPosix)('the entry calls "kubectl oidc-login" where that works', async () => {
  const john = await computer()
  const { PATH } = programs(john, ['shift', 'exec kubectl-oidc_login "$@"'])
  expect(await writtenCommand(john, PATH)).toMatchObject({
    command: 'kubectl',
    args: ['oidc-login', 'get-token', expect.anything(), expect.anything()],
  })
})

test.runIf(isPosix)(
  'the entry calls the plugin by its path where kubectl is a wrapper that would call itself',
  async () => {
    const john = await computer()
    const { PATH, bin } = programs(john, [
      // It asks the cluster for its version before it does anything, as wrappers do.
      'server=$(sed -n \'s/.*"server":"http:..127.0.0.1:\\([0-9]*\\)".*/\\1/p\' "$KUBECONFIG")',
      `'${process.execPath}' -e 'require("net").connect(+process.argv[1], "127.0.0.1").on("connect", () => process.exit())' "$server"`,
      'shift',
      'exec kubectl-oidc_login "$@"',
    ])
    expect(await writtenCommand(john, PATH)).toMatchObject({
      command: join(bin, 'kubectl-oidc_login'),
      args: ['get-token', expect.anything(), expect.anything()],
    })
  },
)

test.runIf(isPosix)(
  'the entry calls the plugin by its path where kubectl would not find it',
  async () => {
    const john = await computer()
    expect(await writtenCommand(john, process.env.PATH ?? '')).toMatchObject({
      command: resolve('bin', 'kubectl-oidc_login.js'),
    })
  },
)

test('--apiserver prints a configuration that the API server takes, and how each distribution gets it', async () => {
  const { john, provider, setup } = await world()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--apiserver'])
  expect(exitCode, stderr).toBe(0)
  expect(parse(stdout)).toEqual({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: {
          url: provider.issuer,
          audiences: ['kubernetes'],
          certificateAuthority: john.authority.certPem,
        },
        claimMappings: {
          username: { claim: 'sub', prefix: 'oidc:' },
          groups: { claim: 'groups', prefix: 'oidc:' },
        },
        userValidationRules: [
          expect.objectContaining({ expression: "!user.username.startsWith('system:')" }),
          expect.objectContaining({
            expression: "user.groups.all(group, !group.startsWith('system:'))",
          }),
        ],
      },
    ],
  })
  expect(stdout).toMatch(/# The claim "sub" never changes/)
  expect(stdout).toMatch(/# The prefix keeps users of the provider apart/)
  for (const name of ['kubeadm', 'kind', 'k3s', 'minikube', 'k0s']) {
    expect(stderr).toMatch(new RegExp(`^${name}:`, 'm'))
  }
  expect(stderr).toContain(`--oidc-issuer-url=${provider.issuer}\n`)
  expect(stderr).toContain('--oidc-username-prefix=oidc:\n')
})

test('a mapping of the user is followed, and its risks are named', async () => {
  const { john, setup } = await world()
  const mapping = ['--oidc-username-claim=preferred_username', '--oidc-username-prefix=-']
  const { stdout, stderr } = await john.run([...setup, '--apiserver', '--rbac', ...mapping])
  const [configuration, ...rights] = parseAllDocuments(stdout)
  expect(configuration?.toJS().jwt[0].claimMappings.username).toEqual({
    claim: 'preferred_username',
    prefix: '',
  })
  expect(stdout).toContain('# Make sure that nobody can change the claim "preferred_username"')
  expect(stdout).toContain(
    '# Without a prefix somebody at the provider could have the name of another',
  )
  expect(stderr).toContain('--oidc-username-prefix=-\n')
  expect(rights.map((document) => document.toJS().kind)).toEqual([
    'ClusterRole',
    'ClusterRoleBinding',
  ])
  expect(rights[1]?.toJS().subjects).toEqual([
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'john' },
  ])
})

test('--rbac binds the exact name that the API server will see, and can be piped', async () => {
  const { john, setup } = await world()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--rbac'])
  expect(exitCode, stderr).toBe(0)
  const [role, binding] = parseAllDocuments(stdout).map((document) => document.toJS())
  expect(role).toMatchObject({ kind: 'ClusterRole', rules: [{ resources: ['services'] }] })
  expect(binding).toMatchObject({
    kind: 'ClusterRoleBinding',
    roleRef: { kind: 'ClusterRole', name: role.metadata.name },
    subjects: [{ kind: 'User', name: `oidc:${johnAccount.sub}` }],
  })
  expect(stdout).toContain('kind: Group, name: oidc:developers')
  expect(binding.metadata.name).toMatch(/^[a-z0-9-]+$/)
})

test('a claim that the token does not have is told, with those that it has', async () => {
  const { john, setup } = await world()
  const { exitCode, stdout, stderr } = await john.run([
    ...setup,
    '--apiserver',
    '--oidc-username-claim=upn',
  ])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('The token has no text in the claim "upn"')
  expect(stderr).toContain('preferred_username')
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

test('an opaque access token is told: no API server can read it', async () => {
  const { john, setup } = await world()
  const { exitCode, stderr } = await john.run([...setup, '--oidc-use-access-token', '--apiserver'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The access token is no JWT, so an API server cannot read it.')
})
