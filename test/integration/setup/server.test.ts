import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { confidentialClientSecret } from '../../world/provider-clients.ts'
import { hasPseudoTerminal, startOnTerminal } from '../../world/pseudo-terminal.ts'
import { sessionFiles } from '../../world/sessions.ts'
import { expectFailure } from '../errors/expect-failure.ts'
import { kubeconfigPath, withGateway, writeKubeconfig } from './setting.ts'

test('a server is all that John has to know: cluster, user and context are written, he signs in, and hears who he is', async () => {
  const { john, provider, gateway, setup } = await withGateway()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--yes'])
  expect({ exitCode, stdout }, stderr).toEqual({
    exitCode: 0,
    stdout: 'You are "john" (groups developers, system:authenticated).\n',
  })
  expect(stderr).toContain(`  server      ${gateway.url}\n`)
  expect(stderr).toContain(`  issuer      ${provider.issuer}\n`)
  expect(stderr).toContain('It will receive your tokens of that issuer')
  const args = [
    'get-token',
    `--oidc-issuer-url=${provider.issuer}`,
    '--oidc-client-id=kubernetes',
    `--certificate-authority=${john.caPath}`,
    '--oidc-extra-scope=profile',
    '--oidc-extra-scope=groups',
  ]
  const written = parse(readFileSync(kubeconfigPath(john), 'utf8'))
  expect(written).toMatchObject({
    'current-context': 'demo',
    clusters: [
      {
        name: 'demo',
        cluster: {
          server: gateway.url,
          'certificate-authority-data': Buffer.from(john.authority.certPem).toString('base64'),
        },
      },
    ],
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'oidc-demo' } }],
    users: [
      {
        name: 'oidc-demo',
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            args: expect.arrayContaining(args),
            interactiveMode: 'IfAvailable',
          },
        },
      },
    ],
  })
  // The session is the one that kubectl will use: no second sign-in.
  const pages = john.openedPages()
  const cached = await john.run([...written.users[0].user.exec.args])
  expect(cached.exitCode, cached.stderr).toBe(0)
  expect(john.openedPages()).toBe(pages)
})

test('the same server again changes nothing in the kubeconfig', async () => {
  const { john, setup } = await withGateway()
  await john.run([...setup, '--yes'])
  const before = readFileSync(kubeconfigPath(john), 'utf8')
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('The kubeconfig has all of it already.')
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toBe(before)
})

test('a server that has changed its mind about the provider is noticed', async () => {
  const { john, provider, setup } = await withGateway()
  await john.run([...setup, '--yes'])
  const path = kubeconfigPath(john)
  const before = readFileSync(path, 'utf8').replaceAll(provider.issuer, 'https://old.example.com')
  writeFileSync(path, before)
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain(
    'Until now the user "oidc-demo" signs in elsewhere: at https://old.example.com as the client kubernetes.',
  )
})

test('nothing that is meant for the provider is sent for the document', async () => {
  const { john, gateway, setup } = await withGateway()
  await john.run([...setup, '--dry-run', '--oidc-request-header=X-Meant=for-the-provider'])
  expect(gateway.requests).toEqual([
    {
      method: 'GET',
      path: '/.well-known/oidc-login',
      headers: ['accept', 'connection', 'host', 'user-agent'],
    },
  ])
})

test('a dry run shows what would be written, writes nothing and signs nobody in', async () => {
  const { john, gateway, setup } = await withGateway()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--dry-run'])
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toContain(`+    server: ${gateway.url}\n`)
  expect(stdout).toContain('+current-context: demo\n')
  expect(stderr).toContain('Nothing was written.')
  expect(existsSync(kubeconfigPath(john))).toBe(false)
  expect(john.openedPages()).toBe(0)
})

test('--rbac prints rights for the name that the API server has told', async () => {
  const { john, setup } = await withGateway()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--yes', '--rbac'])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('You are "john"')
  expect(stdout).toContain(
    '- apiGroup: rbac.authorization.k8s.io\n    kind: User\n    name: john\n',
  )
  expect(stdout).toContain('kind: Group, name: developers')
  expect(stdout).not.toContain('system:')
})

test('a private authority that only the user knows becomes the one of the cluster', async () => {
  const { john, setup } = await withGateway({ certificateAuthority: undefined })
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode, stderr).toBe(0)
  const { clusters } = parse(readFileSync(kubeconfigPath(john), 'utf8'))
  expect(Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString()).toBe(
    john.authority.certPem,
  )
})

test('`token_not_accepted`: an API server that does not accept the token is told, and the kubeconfig is there', async () => {
  const { john, setup } = await withGateway({ clientId: 'kubernetes-confidential' })
  const secret = join(john.home, 'secret')
  writeFileSync(secret, confidentialClientSecret)
  const result = await john.run([...setup, '--yes', `--oidc-client-secret-file=${secret}`])
  expect(result.exitCode).toBe(4)
  expect(result.stderr).toMatch(/error: The API server \S+ does not accept the token/)
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toContain('--oidc-client-secret-file=')
  expect(readFileSync(kubeconfigPath(john), 'utf8')).not.toContain(confidentialClientSecret)
})

test('`terminal_unavailable`: without a terminal and without --yes nothing happens', async () => {
  const { john, setup } = await withGateway()
  const result = await john.run([...setup, '-v1'], { isDetached: true })
  expectFailure(result, {
    code: 'terminal_unavailable',
    says: /To confirm this, a terminal is needed, and there is none\./,
    hint: /When you trust this server with your tokens, give --yes\./,
  })
  expect(existsSync(kubeconfigPath(john))).toBe(false)
})

test.runIf(hasPseudoTerminal)('a yes is asked for on the terminal', async () => {
  const { john, setup } = await withGateway()
  const run = startOnTerminal(setup, { home: john.home })
  await run.shows(/Write this and sign in\? \[y\/N\] /)
  expect(existsSync(kubeconfigPath(john))).toBe(false)
  run.type('y\n')
  const { exitCode, stdout, screen } = await run.ended
  expect(exitCode, screen).toBe(0)
  expect(stdout).toContain('You are "john"')
})

test.runIf(hasPseudoTerminal).each(['n', '', 'maybe', 'yesterday'])(
  '`setup_declined`: the answer %j is no, so nothing is written, and nobody signs in',
  async (answer) => {
    const { john, setup } = await withGateway()
    const run = startOnTerminal([...setup, '-v1'], { home: john.home })
    await run.shows(/\[y\/N\] /)
    run.type(`${answer}\n`)
    const { exitCode, stdout, screen } = await run.ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(screen).toContain('failed with the error setup_declined')
    expect(screen).toContain('error: Nothing was written, and nobody was signed in.')
    expect(existsSync(kubeconfigPath(john))).toBe(false)
    expect(john.openedPages()).toBe(0)
  },
)

test('contexts that the tokens are good for are named, and other entries stay', async () => {
  const { john, provider, setup } = await withGateway()
  const others = `# mine
apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: prod # the important one
  cluster:
    server: https://prod.example.com
contexts:
- name: prod
  context:
    cluster: prod
    user: oidc
users:
- name: oidc
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: kubectl
      args: [oidc-login, get-token, --oidc-issuer-url=${provider.issuer}, --oidc-client-id=kubernetes]
`
  writeKubeconfig(john, others)
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain(
    'Your context "prod" (https://prod.example.com) accepts tokens of the same client.',
  )
  expect(stderr).toContain('It was "prod"; back: kubectl config use-context prod')
  const after = readFileSync(kubeconfigPath(john), 'utf8')
  for (const line of others.split('\n').filter((text) => !text.startsWith('current-context'))) {
    expect(after).toContain(line)
  }
  expect(readFileSync(`${kubeconfigPath(john)}.oidc-login.bak`, 'utf8')).toBe(others)
})

test.each([
  [
    'clusters:\n- name: demo\n  cluster: {server: https://other.example.com}\n',
    'another cluster "demo"',
    '--cluster',
  ],
  [
    'users:\n- name: oidc-demo\n  user: {token: abc}\n',
    'signs in another way \\(token\\)',
    '--user',
  ],
  [
    'contexts:\n- name: demo\n  context: {cluster: demo, user: admin}\n',
    'another context "demo" \\(cluster demo, user admin\\)',
    '--context',
  ],
])('an entry of the same name is not overwritten: %#', async (text, says, option) => {
  const { john, setup } = await withGateway()
  writeKubeconfig(john, text)
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(new RegExp(`error: .*${says}.*\\n.*${option}`))
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toBe(text)
})

test('nobody is signed in when the sign-in is refused, and the kubeconfig is there for the next try', async () => {
  const { john, provider, setup } = await withGateway()
  provider.faults.always('token', { status: 400, body: { error: 'invalid_grant' } })
  const { exitCode } = await john.run([...setup, '--yes'])
  expect(exitCode).not.toBe(0)
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toContain('current-context: demo')
  expect(sessionFiles(john.sessions)).toEqual([])
})
