import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/world/folder.ts'
import { OidcLoginError } from '../../errors.ts'
import { nodeFiles } from '../../system/index.ts'
import { celLanguage } from '../claims/index.ts'
import { decodeFile, loadConfiguration } from './index.ts'

const authentication = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "https://sso.example.com", audiences: [kubernetes]}
  claimMappings: {username: {claim: sub, prefix: ""}}
`
const gateway = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: tls.crt, keyFile: tls.key}
`

/** Writes files and loads the first of them. */
function load(files: Readonly<Record<string, string>>, authenticationFile?: string) {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const [main = ''] = Object.keys(files)
  const loaded = loadConfiguration(join(folder, main), {
    files: nodeFiles,
    language: celLanguage,
    authenticationFile: authenticationFile && join(folder, authenticationFile),
  })
  return { folder, loaded }
}

function faultOf(files: Readonly<Record<string, string>>, authenticationFile?: string): string {
  try {
    load(files, authenticationFile)
  } catch (error) {
    if (error instanceof OidcLoginError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}

test('both documents may stand in one file; all else has sane defaults', () => {
  const { folder, loaded } = load({ 'gateway.yaml': `${gateway}---\n${authentication}` })
  expect(loaded.files).toEqual([join(folder, 'gateway.yaml')])
  expect(loaded.authentication.jwt[0]?.issuer.url).toBe('https://sso.example.com')
  expect(loaded.gateway).toMatchObject({
    listen: { port: 8443, certFile: join(folder, 'tls.crt'), trustedProxies: [] },
    upstream: {
      server: 'https://kubernetes.default.svc',
      caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
      credential: { kind: 'token' },
    },
    tokens: {
      tokenType: 'id_token',
      notBeforeLeewaySeconds: 60,
      maxTokenBytes: 65_536,
      cacheSeconds: 10,
      serviceAccounts: 'refuse',
    },
    impersonation: { nested: 'deny', sendCredentialId: false, maxGroups: 1000, requireNfc: true },
    limits: { maxHeaderBytes: 131_072, headersTimeoutMs: 32_000, keepAliveTimeoutMs: 90_000 },
    streams: { watchOnExpiry: { kind: 'close' }, upgradeOnExpiry: { kind: 'ignore' } },
    audit: { sink: 'stdout' },
    onboarding: undefined,
    workers: 1,
    acknowledge: [],
  })
})

test('ours may name the file of the other, relative to its own folder', () => {
  const { folder, loaded } = load({
    'gateway.yaml': `${gateway}authentication: auth.yaml\n`,
    'auth.yaml': authentication,
  })
  expect(loaded.files).toEqual([join(folder, 'gateway.yaml'), join(folder, 'auth.yaml')])
})

test('a flag may name the file of the other', () => {
  const { loaded } = load({ 'gateway.yaml': gateway, 'auth.yaml': authentication }, 'auth.yaml')
  expect(loaded.authentication.jwt).toHaveLength(1)
})

test('every field can be set', () => {
  const { folder, loaded } = load({
    'gateway.yaml': `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen:
  host: 127.0.0.1
  port: 0
  certFile: /etc/tls.crt
  keyFile: /etc/tls.key
  serverNames: [GW.example.com]
  trustedProxies: [10.0.0.0/8, "fd00::/8"]
  allowedOrigins: ["https://headlamp.example.com"]
  openPaths: [/version]
upstream:
  server: https://10.0.0.1:6443
  caFile: ca.crt
  serverName: kubernetes
  certFile: client.crt
  keyFile: client.key
  renewal: {secret: gateways/oidc-gateway-client, approval: self, validity: 24h}
tokens:
  tokenType: any
  signingAlgorithms: [ES256]
  authorizedParties: [cli]
  notBeforeLeeway: 30s
  maxTokenSize: 32KiB
  cacheDuration: 1m
  cacheEntries: 5
  serviceAccounts: passthrough
  serviceAccountIssuers: ["https://kubernetes.default.svc"]
impersonation:
  nested: review
  sendCredentialId: true
  allowedReservedGroups: ["system:authenticated"]
  reservedUsers: [admin]
  reservedGroups: [admins]
  maxGroups: 300
  maxHeaderSize: 16KiB
  requireNfc: false
limits:
  maxConnections: 10
  maxConnectionsPerAddress: 5
  maxHeaderSize: 256KiB
  maxHeaderCount: 100
  handshakeTimeout: 5s
  headersTimeout: 10s
  keepAliveTimeout: 2m
  answerTimeout: 3m
  maxUpstreamConnections: 20
  maxFailuresPerSecond: 3
streams:
  watchOnExpiry: ignore
  upgradeOnExpiry: {grace: 1h30m}
audit: {sink: file, file: audit.log, maxFileSize: 10MiB, keepFiles: 3, includeQuery: false}
operations: {host: "::1", port: 9000, drainTimeout: 1h, drainDelay: 500ms, requireAllIssuers: true}
onboarding:
  clusterName: demo
  server: https://gw.example.com
  issuer: https://sso.example.com
  clientId: kubernetes
  scopes: [openid, email]
workers: auto
acknowledge: [mutable-username]
---
${authentication}`,
  })
  expect(loaded.gateway).toEqual({
    listen: {
      host: '127.0.0.1',
      port: 0,
      certFile: '/etc/tls.crt',
      keyFile: '/etc/tls.key',
      serverNames: ['gw.example.com'],
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      allowedOrigins: ['https://headlamp.example.com'],
      openPaths: ['/version'],
    },
    upstream: {
      kind: 'files',
      server: 'https://10.0.0.1:6443',
      caFile: join(folder, 'ca.crt'),
      serverName: 'kubernetes',
      credential: {
        kind: 'certificate',
        certFile: join(folder, 'client.crt'),
        keyFile: join(folder, 'client.key'),
        renewal: {
          secret: { namespace: 'gateways', name: 'oidc-gateway-client' },
          approval: 'self',
          validityMs: 86_400_000,
        },
      },
    },
    tokens: {
      tokenType: 'any',
      signingAlgorithms: ['ES256'],
      authorizedParties: ['cli'],
      notBeforeLeewaySeconds: 30,
      maxTokenBytes: 32_768,
      cacheSeconds: 60,
      cacheEntries: 5,
      serviceAccounts: 'passthrough',
      serviceAccountIssuers: ['https://kubernetes.default.svc'],
    },
    impersonation: {
      nested: 'review',
      sendCredentialId: true,
      allowedReservedGroups: ['system:authenticated'],
      reservedUsers: ['admin'],
      reservedGroups: ['admins'],
      maxGroups: 300,
      maxHeaderBytes: 16_384,
      requireNfc: false,
    },
    limits: {
      maxConnections: 10,
      maxConnectionsPerAddress: 5,
      maxHeaderBytes: 262_144,
      maxHeaderCount: 100,
      handshakeTimeoutMs: 5000,
      headersTimeoutMs: 10_000,
      keepAliveTimeoutMs: 120_000,
      answerTimeoutMs: 180_000,
      maxUpstreamConnections: 20,
      maxFailuresPerSecond: 3,
    },
    streams: {
      watchOnExpiry: { kind: 'ignore' },
      upgradeOnExpiry: { kind: 'grace', seconds: 5400 },
    },
    audit: {
      sink: { file: join(folder, 'audit.log'), maxBytes: 10_485_760, keep: 3 },
      includeQuery: false,
    },
    operations: {
      host: '::1',
      port: 9000,
      drainTimeoutMs: 3_600_000,
      drainDelayMs: 500,
      requireAllIssuers: true,
    },
    onboarding: {
      clusterName: 'demo',
      server: 'https://gw.example.com',
      certificateAuthority: undefined,
      issuer: 'https://sso.example.com',
      clientId: 'kubernetes',
      scopes: ['openid', 'email'],
    },
    workers: 'auto',
    acknowledge: ['mutable-username'],
  })
})

test.each([
  ['an unknown section', 'limit: {}', 'Did you mean "limits"?'],
  ['no listener', 'listen: null', 'listen needs certFile and keyFile'],
  ['C1 the algorithm none', 'tokens: {signingAlgorithms: [none]}', 'is none of RS256'],
  ['C2 a symmetric algorithm', 'tokens: {signingAlgorithms: [HS256]}', 'is none of RS256'],
  ['C12 a long leeway', 'tokens: {notBeforeLeeway: 5m}', 'A duration from 0 to 60s'],
  ['a duration without a unit', 'limits: {headersTimeout: 30}', 'A duration from 1s to 5m'],
  ['a size in another unit', 'limits: {maxHeaderSize: 64kb}', 'A size from 8KiB'],
  ['a number out of bounds', 'listen: {certFile: a, keyFile: b, port: 70000}', 'from 0 to 65535'],
  [
    'A13 system:masters',
    'impersonation: {allowedReservedGroups: ["system:masters"]}',
    'No provider may make',
  ],
  [
    'a group that is not reserved',
    'impersonation: {allowedReservedGroups: [dev]}',
    'is not reserved',
  ],
  [
    'H12 another server without its authority',
    'upstream: {server: "https://a.example", tokenFile: t}',
    'caFile is missing',
  ],
  [
    'another server without a credential',
    'upstream: {server: "https://a.example", caFile: c}',
    'credential of the gateway is missing',
  ],
  [
    'H12 an API server over http',
    'upstream: {server: "http://a.example", caFile: c, tokenFile: t}',
    'must begin with https://',
  ],
  [
    'an API server with a path',
    'upstream: {server: "https://a.example/k8s", caFile: c, tokenFile: t}',
    'without anything behind it',
  ],
  ['two credentials', 'upstream: {tokenFile: t, certFile: c, keyFile: k}', 'and not both'],
  ['half a credential', 'upstream: {certFile: c}', 'belong together'],
  [
    'a token that is to be renewed',
    'upstream: {tokenFile: t, renewal: {secret: a/b}}',
    'Only a client certificate is renewed',
  ],
  [
    'the token of a pod that is to be renewed',
    'upstream: {renewal: {secret: a/b}}',
    'Only a client certificate is renewed',
  ],
  [
    'renewal in a kubeconfig',
    'upstream: {kubeconfig: k, renewal: {secret: a/b}}',
    'Either kubeconfig or renewal',
  ],
  ...['{}', '{secret: b}', '{secret: a/b/c}', '{secret: ../b}', '{secret: "a/b?c"}'].map(
    (renewal): [string, string, string] => [
      `renewal without its Secret: ${renewal}`,
      `upstream: {certFile: c, keyFile: k, renewal: ${renewal}}`,
      'renewal needs secret, as NAMESPACE/NAME',
    ],
  ),
  [
    'a certificate for minutes',
    'upstream: {certFile: c, keyFile: k, renewal: {secret: a/b, validity: 9m}}',
    'A duration from 10m to 8784h',
  ],
  [
    'approval by nobody',
    'upstream: {certFile: c, keyFile: k, renewal: {secret: a/b, approval: none}}',
    'One of external, self',
  ],
  [
    'B8 a proxy that is no network',
    'listen: {certFile: a, keyFile: b, trustedProxies: [10.0.0.1]}',
    'is not a network',
  ],
  [
    'an origin with a path',
    'listen: {certFile: a, keyFile: b, allowedOrigins: ["https://a/b"]}',
    'without anything behind it',
  ],
  ['an audit file without a name', 'audit: {sink: file}', 'the field file names it'],
  ['an audit file that is not used', 'audit: {file: a.log}', 'belongs to sink: file'],
  ['a word that is none', 'audit: {sink: sdtout}', 'Did you mean "stdout"?'],
  ['another expiry', 'streams: {watchOnExpiry: {after: 5m}}', 'There is no field "after"'],
  ['workers by name', 'workers: many', 'A whole number from 1 to 256'],
  [
    'onboarding without a client',
    'onboarding: {clusterName: a, server: "https://a", issuer: i}',
    'clientId is missing',
  ],
  [
    'an authority that cannot be read',
    'onboarding: {clusterName: a, server: "https://a", issuer: i, clientId: c, certificateAuthorityFile: none.pem}',
    'cannot be read',
  ],
])('refused: %s', (_, field, why) => {
  const base = field.startsWith('listen:') ? gateway.replace(/^listen.*$/m, '') : gateway
  const fault = faultOf({ 'gateway.yaml': `${base}${field}\n---\n${authentication}` })
  expect(fault).toMatch(/^configuration_invalid: The configuration is refused/)
  expect(fault).toMatch(/gateway\.yaml:\d+: /)
  expect(fault).toContain(why)
})

test.each([
  ['nothing', '', 'There is no document of kind'],
  ['another kind', 'kind: Gateway\n', 'There is no kind "Gateway"'],
  ['a slip in the kind', 'kind: GatewayConfigurations\n', 'Did you mean "GatewayConfiguration"?'],
  [
    'another version',
    'apiVersion: oidc-gateway/v2\nkind: GatewayConfiguration\n',
    'must be oidc-gateway/v1alpha1',
  ],
  [
    'the alpha of kube-apiserver',
    authentication.replace('/v1', '/v1alpha1'),
    'must be apiserver.config.k8s.io/v1',
  ],
  ['only ours', gateway, 'There is no AuthenticationConfiguration'],
  ['only the other', authentication, 'There is no GatewayConfiguration'],
  [
    'ours twice',
    `${gateway}---\n${gateway}---\n${authentication}`,
    'A second GatewayConfiguration',
  ],
  ['YAML that is none', 'a: [', 'The YAML is not valid'],
  ['a key that stands twice', `${gateway}workers: 1\nworkers: 2\n`, 'unique'],
  ['a list', '- a\n', 'The document is not a mapping'],
])('a file is refused with %s', (_, text, why) => {
  expect(faultOf({ 'gateway.yaml': text })).toContain(why)
})

test('a file that is named, and not there, is named', () => {
  const fault = faultOf({ 'gateway.yaml': `${gateway}authentication: auth.yaml\n` })
  expect(fault).toMatch(/^file_unreadable: The file .*auth\.yaml cannot be read\.$/)
})

test('the file of the other must not hold ours', () => {
  const files = { 'gateway.yaml': `${gateway}authentication: auth.yaml\n`, 'auth.yaml': gateway }
  expect(faultOf(files)).toContain('The file must hold the kind AuthenticationConfiguration')
})

test('a danger refuses the configuration in its line, until somebody takes it', () => {
  const mutable = authentication.replace('claim: sub', 'claim: given_name')
  const fault = faultOf({ 'gateway.yaml': gateway, 'auth.yaml': mutable }, 'auth.yaml')
  expect(fault).toMatch(/auth\.yaml:5: jwt\[0\]\.claimMappings\.username: Users of most providers/)
  expect(fault).toContain('acknowledge: [mutable-username]')
  const acknowledged = `${gateway}acknowledge: [mutable-username]\n---\n${mutable}`
  const { loaded } = load({ 'gateway.yaml': acknowledged })
  expect(loaded.remarks).toMatchObject([{ id: 'mutable-username', severity: 'danger' }])
})

test('only dangers that there are can be acknowledged', () => {
  const text = `${gateway}acknowledge: [everything]\n---\n${authentication}`
  expect(faultOf({ 'gateway.yaml': text })).toContain('"everything" is none of mutable-username')
})

test('a warning does not refuse the configuration', () => {
  const { loaded } = load({
    'gateway.yaml': `${gateway}audit: {sink: none}\n---\n${authentication}`,
  })
  expect(loaded.remarks).toMatchObject([{ id: 'no-audit', severity: 'warning' }])
})

test('aliases cannot make a small file endless', () => {
  const lists = Array.from({ length: 9 }, (_, level) => {
    const name = String.fromCharCode(97 + level)
    const items = level === 0 ? 'x' : `*${String.fromCharCode(96 + level)}`
    return `${name}: &${name} [${Array.from({ length: 9 }, () => items).join(', ')}]`
  })
  const text = `${lists.join('\n')}\n${authentication.replace('[kubernetes]', '*i')}`
  expect(faultOf({ 'gateway.yaml': text })).toContain('configuration_invalid')
})

const context = { language: celLanguage, readText: () => undefined }

test('whatever the text is, decoding throws nothing and names the file', () => {
  const word = fc.constantFrom(
    ...'apiVersion kind jwt issuer url audiences claimMappings username claim prefix expression listen upstream tokens limits'.split(
      ' ',
    ),
  )
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double())
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium' },
      value,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(word, tie('tree'), { maxKeys: 6 }),
    ),
  }))
  const document = tree.map((part) =>
    JSON.stringify({
      kind: 'AuthenticationConfiguration',
      apiVersion: 'apiserver.config.k8s.io/v1',
      jwt: [part, { issuer: part, claimMappings: part, userValidationRules: part }],
      ...Object(part),
    }),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        document,
        fc.string(),
        tree.map((part) => JSON.stringify(part)),
      ),
      (text) => {
        for (const problem of decodeFile('a.yaml', text, context).problems) {
          expect(problem).toMatchObject({ file: 'a.yaml', line: expect.any(Number) })
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('nesting without end is refused', () => {
  const { problems } = decodeFile('a.yaml', '['.repeat(50_000), context)
  expect(problems.length).toBeGreaterThan(0)
})

test('a file that no configuration fills is refused before it is parsed', () => {
  const { problems } = decodeFile('a.yaml', '#'.repeat(1024 * 1024 + 1), context)
  expect(problems).toEqual([
    { file: 'a.yaml', line: 1, path: '', message: 'The file is larger than 1 MiB.' },
  ])
})

test('the API server may be a context of a kubeconfig, but not both', () => {
  const upstream = 'upstream: {kubeconfig: config, context: admin}\n'
  const { folder, loaded } = load({ 'gateway.yaml': `${gateway}${upstream}---\n${authentication}` })
  expect(loaded.gateway.upstream).toEqual({
    kind: 'context',
    kubeconfig: join(folder, 'config'),
    context: 'admin',
  })
  const both = 'upstream: {kubeconfig: config, caFile: ca.crt}\n'
  expect(faultOf({ 'gateway.yaml': `${gateway}${both}---\n${authentication}` })).toContain(
    'Either kubeconfig or caFile, and not both.',
  )
})

test('only paths that tell nothing can be opened to everybody', () => {
  const opened = (path: string): string =>
    faultOf({
      'gateway.yaml': `${gateway.replace('}', `, openPaths: [${path}]}`)}---\n${authentication}`,
    })
  expect(opened('/version')).toBe('none')
  expect(opened('/api')).toContain('Only /healthz, /livez, /readyz, /version can be opened')
})
