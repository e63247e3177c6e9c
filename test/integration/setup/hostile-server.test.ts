import { existsSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAuthority } from '../../world/certificates.ts'
import { answerJson } from '../../world/gateway.ts'
import { computer } from '../../world/world.ts'
import { expectFailure } from '../errors/expect-failure.ts'
import { kubeconfigPath, withGateway } from './setting.ts'

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
    const { john, gateway, setup } = await withGateway()
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
  const { john, gateway, setup } = await withGateway()
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
  const { john, setup } = await withGateway()
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
  const { john, gateway, setup } = await withGateway()
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
  const { john, gateway, setup } = await withGateway()
  const { exitCode, stderr } = await john.run([...setup, '--insecure-skip-tls-verify', '--yes'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(
    'anybody on the way could tell which cluster and which provider is yours',
  )
  expect(gateway.requests).toEqual([])
})

test('secrets of another provider in the environment are not shown to that of a stranger', async () => {
  const { john, gateway, setup } = await withGateway()
  const env = { KUBECTL_OIDC_LOGIN_USERNAME: 'john', KUBECTL_OIDC_LOGIN_PASSWORD: 'john-password' }
  const { exitCode, stderr } = await john.run([...setup, '--yes'], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The environment sets --username')
  expect(stderr).not.toContain('john-password')
  expect(gateway.requests).toEqual([])
})

test('the provider is told by the server, not by options', async () => {
  const { john, setup } = await withGateway()
  const { exitCode, stderr } = await john.run([...setup, '--oidc-client-id=mine'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--oidc-client-id does not go with https://HOST')
})
