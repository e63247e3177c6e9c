import { expect, test } from 'vitest'
import { createAuthority } from '../../test/world/certificates.ts'
import { OidcLoginError } from '../errors.ts'
import {
  formatOnboarding,
  longestOnboardingBytes,
  type Onboarding,
  parseOnboarding,
} from './index.ts'

const origin = 'https://gateway.example.com'
const { certPem, keyPem } = await createAuthority()

const onboarding: Onboarding = {
  clusterName: 'demo.eu-1',
  server: origin,
  certificateAuthority: certPem,
  issuer: 'https://sso.example.com/realms/demo',
  clientId: 'kubernetes',
  scopes: ['profile', 'offline_access'],
}

/** The document with one value replaced; `undefined` takes it away. */
function document(path: string, value: unknown): string {
  const root: Record<string, unknown> = JSON.parse(formatOnboarding(onboarding))
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  Object(keys.reduce((node, key) => Object(node)[key], root))[last] = value
  return JSON.stringify(root)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function refusal(operation: () => unknown): string {
  try {
    operation()
  } catch (error) {
    if (error instanceof OidcLoginError && error.code === 'onboarding_invalid') return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

test('what is written is read again', () => {
  expect(parseOnboarding(formatOnboarding(onboarding), origin)).toEqual(onboarding)
})

test('a publicly trusted server tells no authority, and scopes may be absent', () => {
  const text = document('cluster.certificateAuthorityData', undefined)
  expect(parseOnboarding(text, origin).certificateAuthority).toBeUndefined()
  expect(parseOnboarding(document('provider.scopes', undefined), origin).scopes).toEqual([])
})

test('the writer takes the certificates of a PEM file, never its comments or a key', () => {
  const text = formatOnboarding({
    ...onboarding,
    certificateAuthority: `# root\n${certPem}${keyPem}`,
  })
  expect(parseOnboarding(text, origin).certificateAuthority).toBe(certPem)
  expect(Buffer.from(text).toString('utf8')).not.toContain(base64(keyPem).slice(0, 40))
})

test('a field that is not known has no effect', () => {
  for (const [path, value] of [
    ['exec', { command: '/bin/sh' }],
    ['cluster.insecure-skip-tls-verify', true],
    ['provider.clientSecret', 'x'],
  ] as const) {
    expect(parseOnboarding(document(path, value), origin)).toEqual(onboarding)
  }
})

test.each([
  ['no JSON', '<html>', 'it is not JSON'],
  ['a list', '[]', 'the document is not a mapping'],
  ['null', 'null', 'the document is not a mapping'],
  ['another version', document('version', 2), '"version" is not 1'],
  ['a version as text', document('version', '1'), '"version" is not 1'],
  ['no cluster', document('cluster', undefined), '"cluster" is missing'],
  ['a provider that is a text', document('provider', 'x'), '"provider" is not a mapping'],
  ['a huge document', JSON.stringify('x'.repeat(longestOnboardingBytes)), 'it is longer than'],
])('a document is refused for %s', (_, text, why) => {
  expect(refusal(() => parseOnboarding(text, origin))).toContain(`${origin} cannot be used: ${why}`)
})

test.each([
  [undefined, 'is missing'],
  [42, 'is not a text'],
  ['', 'is empty'],
  ['a'.repeat(64), 'is longer than 63 characters'],
  ['de mo', 'holds spaces, control characters'],
  ['demo\u001b[31m', 'holds spaces, control characters'],
  ['demo\u202e', 'holds spaces, control characters'],
  ['dеmo', 'characters beyond ASCII'],
  ['../../etc', 'may hold letters, digits'],
  ['-rf', 'may hold letters, digits'],
  ['demo;reboot', 'may hold letters, digits'],
])('the name %j is refused', (name, why) => {
  expect(refusal(() => parseOnboarding(document('cluster.name', name), origin))).toContain(why)
})

const badUrls: readonly (readonly [unknown, string])[] = [
  [undefined, 'is missing'],
  [['https://a.example.com'], 'is not a text'],
  ['http://gateway.example.com', 'does not begin with "https://"'],
  ['javascript:alert(1)', 'does not begin with "https://"'],
  ['HTTPS://gateway.example.com', 'does not begin with "https://"'],
  ['https://', 'is not a URL'],
  ['https://john@gateway.example.com', 'a user name or password'],
  ['https://gateway.example.com\\@evil.example.com', 'characters that have no place'],
  ['https://gateway.example.com/?a=b', 'a query or a fragment'],
  ['https://gateway.example.com/#', 'a query or a fragment'],
  ['https://gateway.example.com/\u0007', 'control characters'],
  ['https://gаteway.example.com', 'beyond ASCII'],
  ["https://gateway.example.com/';reboot'", 'characters that have no place'],
  ['https://gateway.example.com:443', 'not written as URLs are'],
  ['https://0x7f.1', 'not written as URLs are'],
  ['https://Gateway.example.com', 'not written as URLs are'],
  ['https://gateway.example.com/a/../b', 'not written as URLs are'],
  [`https://gateway.example.com/${'a'.repeat(512)}`, 'is longer than 512 characters'],
]

test.each(badUrls)('the URL %j is refused, as server and as issuer', (url, why) => {
  for (const path of ['cluster.server', 'provider.issuer']) {
    expect(refusal(() => parseOnboarding(document(path, url), origin))).toContain(why)
  }
})

test.each(['https://evil.example.com', 'https://gateway.example.com:8443'])(
  'the server %s is refused when another one tells it',
  (server) => {
    expect(refusal(() => parseOnboarding(document('cluster.server', server), origin))).toContain(
      'another server than the one that tells it',
    )
  },
)

test('the server has no path, and an issuer keeps its slash', () => {
  expect(
    refusal(() => parseOnboarding(document('cluster.server', `${origin}/k8s`), origin)),
  ).toContain('"cluster.server" has a path')
  const issuer = 'https://sso.example.com/'
  expect(parseOnboarding(document('provider.issuer', issuer), origin).issuer).toBe(issuer)
})

test.each([
  ['provider.clientId', 'kube rnetes', 'holds spaces'],
  ['provider.clientId', 'a'.repeat(256), 'is longer than 255'],
  ['provider.scopes', 'profile', 'is not a list'],
  ['provider.scopes', ['a b'], 'holds spaces'],
  ['provider.scopes', ['a"b'], 'characters that no scope has'],
  ['provider.scopes', [1], 'is not a text'],
  ['provider.scopes', new Array(33).fill('a'), 'more than 32 entries'],
  ['cluster.certificateAuthorityData', 1, 'is not a text'],
  ['cluster.certificateAuthorityData', '%%%', 'is not base64'],
  ['cluster.certificateAuthorityData', base64('nothing'), 'something else than PEM certificates'],
  ['cluster.certificateAuthorityData', base64(keyPem), 'something else than PEM certificates'],
  ['cluster.certificateAuthorityData', base64(certPem + keyPem), 'something else than PEM'],
  [
    'cluster.certificateAuthorityData',
    base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    'a certificate that cannot be read',
  ],
  ['cluster.certificateAuthorityData', base64(certPem.repeat(11)), 'more than 10 certificates'],
])('%s is refused: %#', (path, value, why) => {
  expect(refusal(() => parseOnboarding(document(path, value), origin))).toContain(why)
})

test('no message repeats what a stranger has written', () => {
  const value = 'evil\u001b]0;title\u0007'
  for (const path of ['version', 'cluster.name', 'cluster.server', 'provider.issuer', 'cluster']) {
    expect(refusal(() => parseOnboarding(document(path, value), origin))).not.toContain('evil')
  }
})

test('a server does not serve what no client would take', () => {
  expect(refusal(() => formatOnboarding({ ...onboarding, clusterName: 'my cluster' }))).toContain(
    '"cluster.name"',
  )
  expect(refusal(() => formatOnboarding({ ...onboarding, issuer: 'http://sso' }))).toContain(
    '"provider.issuer"',
  )
})
