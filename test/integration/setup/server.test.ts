import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { startApiServer } from '../../world/api-server.ts'
import { createAuthority } from '../../world/certificates.ts'
import { answerJson, startGateway, type TestGatewayOptions } from '../../world/gateway.ts'
import { startProvider } from '../../world/provider.ts'
import { confidentialClientSecret } from '../../world/provider-clients.ts'
import { hasPseudoTerminal, startOnTerminal } from '../../world/pseudo-terminal.ts'
import { sessionFiles } from '../../world/sessions.ts'
import { type Computer, computer, stopped } from '../../world/world.ts'
import { expectFailure } from '../errors/expect-failure.ts'

type Told = Partial<TestGatewayOptions['onboarding']>

async function world(told: Told = {}) {
  const john = await computer()
  const { authority } = john
  const provider = stopped(await startProvider({ authority, refreshTokens: 'always' }))
  const api = stopped(
    await startApiServer({
      authority,
      oidc: {
        issuer: provider.issuer,
        certificateAuthorityPem: authority.certPem,
        clientId: 'kubernetes',
      },
    }),
  )
  const gateway = stopped(
    await startGateway({
      authority,
      api,
      onboarding: {
        clusterName: 'demo',
        certificateAuthority: authority.certPem,
        issuer: provider.issuer,
        clientId: 'kubernetes',
        scopes: ['profile', 'groups'],
        ...told,
      },
    }),
  )
  const setup = ['setup', gateway.url, ...signInOptions(john, provider.issuer)]
  return { john, provider, gateway, setup }
}

/** The options of a sign-in, without those that the server tells. */
function signInOptions(john: Computer, issuer: string): string[] {
  return john.options(issuer).filter((option) => !/^--oidc-(?:issuer|client|extra)/.test(option))
}

function kubeconfigPath(john: Computer): string {
  return join(john.home, '.kube', 'config')
}

function writeKubeconfig(john: Computer, text: string): void {
  mkdirSync(join(john.home, '.kube'), { recursive: true })
  writeFileSync(kubeconfigPath(john), text)
}

test('a server is all that John has to know: cluster, user and context are written, he signs in, and hears who he is', async () => {
  const { john, provider, gateway, setup } = await world()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--yes'])
  expect({ exitCode, stdout }, stderr).toEqual({
    exitCode: 0,
    stdout: 'You are "john" (groups developers, system:authenticated).\n',
  })
  expect(stderr).toContain(`  server      ${gateway.url}\n`)
  expect(stderr).toContain(`  issuer      ${provider.issuer}\n`)
  expect(stderr).toContain('It will receive your tokens of that issuer')
  expect(stderr).toContain('"preferred_username": "john"')
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
  const { john, setup } = await world()
  await john.run([...setup, '--yes'])
  const before = readFileSync(kubeconfigPath(john), 'utf8')
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('The kubeconfig has all of it already.')
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toBe(before)
})

test('nothing that is meant for the provider is sent for the document', async () => {
  const { john, gateway, setup } = await world()
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
  const { john, gateway, setup } = await world()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--dry-run'])
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toContain(`+    server: ${gateway.url}\n`)
  expect(stdout).toContain('+current-context: demo\n')
  expect(stderr).toContain('Nothing was written.')
  expect(existsSync(kubeconfigPath(john))).toBe(false)
  expect(john.openedPages()).toBe(0)
})

test('--rbac prints rights for the name that the API server has told', async () => {
  const { john, setup } = await world()
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
  const { john, setup } = await world({ certificateAuthority: undefined })
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode, stderr).toBe(0)
  const { clusters } = parse(readFileSync(kubeconfigPath(john), 'utf8'))
  expect(Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString()).toBe(
    john.authority.certPem,
  )
})

test('`token_not_accepted`: an API server that does not accept the token is told, and the kubeconfig is there', async () => {
  const { john, setup } = await world({ clientId: 'kubernetes-confidential' })
  const secret = join(john.home, 'secret')
  writeFileSync(secret, confidentialClientSecret)
  const result = await john.run([...setup, '--yes', `--oidc-client-secret-file=${secret}`])
  expect(result.exitCode).toBe(4)
  expect(result.stderr).toMatch(/error: The API server \S+ does not accept the token/)
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toContain('--oidc-client-secret-file=')
  expect(readFileSync(kubeconfigPath(john), 'utf8')).not.toContain(confidentialClientSecret)
})

test('`terminal_unavailable`: without a terminal and without --yes nothing happens', async () => {
  const { john, setup } = await world()
  const result = await john.run([...setup, '-v1'], { isDetached: true })
  expectFailure(result, {
    code: 'terminal_unavailable',
    says: /To confirm this, a terminal is needed, and there is none\./,
    hint: /When you trust this server with your tokens, give --yes\./,
  })
  expect(existsSync(kubeconfigPath(john))).toBe(false)
})

test.runIf(hasPseudoTerminal)('a yes is asked for on the terminal', async () => {
  const { john, setup } = await world()
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
    const { john, setup } = await world()
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
  const { john, provider, setup } = await world()
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
  const { john, setup } = await world()
  writeKubeconfig(john, text)
  const { exitCode, stderr } = await john.run([...setup, '--yes'])
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(new RegExp(`error: .*${says}.*\\n.*${option}`))
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toBe(text)
})

interface Hostile {
  readonly name: string
  readonly says: RegExp
  answer(response: ServerResponse, document: Readonly<Record<string, unknown>>): void
}

/** An answer whose document has other values in one part. */
function changed(part: 'cluster' | 'provider', values: Readonly<Record<string, unknown>>) {
  return (response: ServerResponse, document: Readonly<Record<string, unknown>>): void =>
    answerJson(response, { ...document, [part]: { ...Object(document[part]), ...values } })
}

const hostile: readonly Hostile[] = [
  {
    name: 'sends the tokens to a server without TLS',
    says: /"cluster.server" does not begin with "https:\/\/"/,
    answer: changed('cluster', { server: 'http://localhost' }),
  },
  {
    name: 'sends the tokens to another server',
    says: /"cluster.server" is another server than the one that tells it/,
    answer: changed('cluster', { server: 'https://evil.example.com' }),
  },
  {
    name: 'names an issuer without TLS',
    says: /"provider.issuer" does not begin with "https:\/\/"/,
    answer: changed('provider', { issuer: 'http://127.0.0.1:8080' }),
  },
  {
    name: 'names a script as its issuer',
    says: /"provider.issuer" does not begin with "https:\/\/"/,
    answer: changed('provider', { issuer: 'javascript:alert(1)' }),
  },
  {
    name: 'moves the cursor',
    says: /"cluster.name" holds spaces, control characters/,
    answer: changed('cluster', { name: 'demo\u001b[2J\u001b]0;owned\u0007' }),
  },
  {
    name: 'names a path',
    says: /"cluster.name" may hold letters/,
    answer: changed('cluster', { name: '../../.ssh/id_rsa' }),
  },
  {
    name: 'tells a number where a text belongs',
    says: /"provider.clientId" is not a text/,
    answer: changed('provider', { clientId: 7 }),
  },
  {
    name: 'tells of an authority that is none',
    says: /"cluster.certificateAuthorityData" holds something else than PEM certificates/,
    answer: changed('cluster', { certificateAuthorityData: 'aGVsbG8=' }),
  },
  {
    name: 'redirects',
    says: /is answered with a redirect \(status 302\), which is not followed/,
    answer: (response) =>
      response
        .writeHead(302, { location: 'https://evil.example.com/.well-known/oidc-login' })
        .end(),
  },
  {
    name: 'has no document',
    says: /is answered with status 404/,
    answer: (response) => response.writeHead(404).end('not found'),
  },
  {
    name: 'answers a page',
    says: /it is not JSON/,
    answer: (response) => response.end('<!doctype html><title>Sign in</title>'),
  },
  {
    name: 'tells a long story',
    says: /it is longer than 65536 bytes/,
    answer: (response, document) => answerJson(response, { ...document, x: 'x'.repeat(70_000) }),
  },
  {
    name: 'never ends',
    says: /it is larger than 1048576 bytes/,
    answer(response) {
      const more = (): void => {
        if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(more)
      }
      response.on('drain', more)
      more()
    },
  },
]

test.each(hostile)(
  '`onboarding_invalid`: a server that $name is refused',
  async ({ says, answer }) => {
    const { john, gateway, setup } = await world()
    gateway.answer = answer
    const result = await john.run([...setup, '--yes', '-v1'])
    expectFailure(result, {
      code: 'onboarding_invalid',
      says: new RegExp(`.*${says.source}.*`),
      hint: /.+/,
    })
    expect(result.stderr).not.toMatch(/evil|owned|\p{Cc}(?<!\n)/u)
    expect(existsSync(kubeconfigPath(john))).toBe(false)
    expect(john.openedPages()).toBe(0)
  },
)

test('a document can give no command, no argument and no path', async () => {
  const { john, gateway, setup } = await world()
  await john.run([...setup, '--dry-run'])
  const honest = await john.run([...setup, '--dry-run'])
  gateway.answer = (response, document) =>
    answerJson(response, {
      ...document,
      exec: { command: '/tmp/evil', args: ['--evil'], env: [{ name: 'EVIL', value: '1' }] },
      cluster: {
        ...Object(document.cluster),
        'insecure-skip-tls-verify': true,
        proxyUrl: 'http://evil',
      },
      provider: { ...Object(document.provider), clientSecret: 'evil', browserCommand: 'evil' },
    })
  const result = await john.run([...setup, '--dry-run'])
  expect(result.exitCode).toBe(0)
  expect(result.stdout).toBe(honest.stdout)
})

test('`onboarding_untrusted`: a server whose certificate is not trusted is not believed', async () => {
  const { john, setup } = await world()
  const strange = await createAuthority('Strange authority')
  const path = join(john.home, 'strange.pem')
  writeFileSync(path, strange.certPem)
  const args = setup.filter((option) => !option.startsWith('--certificate-authority'))
  const result = await john.run([...args, `--certificate-authority=${path}`, '--yes', '-v1'])
  expectFailure(result, {
    code: 'onboarding_untrusted',
    says: /The certificate of https:\/\/localhost:\d+ is not trusted \(.+\)\./,
    hint: /.*private certificate authority.*--certificate-authority.*/,
  })
})

test('`onboarding_unreachable`: a server that is not there is told', async () => {
  const { john, gateway, setup } = await world()
  await gateway.stop()
  expectFailure(await john.run([...setup, '--yes', '-v1']), {
    code: 'onboarding_unreachable',
    says: /https:\/\/localhost:\d+ cannot be reached \(.+\)\./,
    hint: /Check the address.*/,
  })
})

test.each([
  ['http://gateway.example.com'],
  ['https://gateway.example.com/path'],
  ['https://user@gateway.example.com'],
  ['gateway.example.com'],
])('%s is no address of a server', async (url) => {
  const john = await computer()
  const { exitCode, stderr } = await john.run(['setup', url, '--yes'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The argument of setup is the address of a server, https://HOST')
})

test('the certificate of the server is always verified', async () => {
  const { john, gateway, setup } = await world()
  const { exitCode, stderr } = await john.run([...setup, '--insecure-skip-tls-verify', '--yes'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(
    'anybody on the way could tell which cluster and which provider is yours',
  )
  expect(gateway.requests).toEqual([])
})

test('secrets of another provider in the environment are not shown to that of a stranger', async () => {
  const { john, gateway, setup } = await world()
  const env = { KUBECTL_OIDC_LOGIN_USERNAME: 'john', KUBECTL_OIDC_LOGIN_PASSWORD: 'john-password' }
  const { exitCode, stderr } = await john.run([...setup, '--yes'], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The environment sets --username')
  expect(stderr).not.toContain('john-password')
  expect(gateway.requests).toEqual([])
})

test('the provider is told by the server, not by options', async () => {
  const { john, setup } = await world()
  const { exitCode, stderr } = await john.run([...setup, '--oidc-client-id=mine'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--oidc-client-id does not go with https://HOST')
})

test('nobody is signed in when the sign-in is refused, and the kubeconfig is there for the next try', async () => {
  const { john, provider, setup } = await world()
  provider.faults.always('token', { status: 400, body: { error: 'invalid_grant' } })
  const { exitCode } = await john.run([...setup, '--yes'])
  expect(exitCode).not.toBe(0)
  expect(readFileSync(kubeconfigPath(john), 'utf8')).toContain('current-context: demo')
  expect(sessionFiles(john.sessions)).toEqual([])
})
