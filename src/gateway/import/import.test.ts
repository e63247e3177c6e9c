import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { OidcLoginError } from '../../errors.ts'
import { celLanguage } from '../claims/index.ts'
import { decodeFile } from '../config/index.ts'
import { type Imported, importAmbassador, importFlags } from './index.ts'

/** The documents of an import, which must be a valid configuration. */
function documentsOf({ text }: Imported) {
  const context = { language: celLanguage, readText: () => undefined }
  expect(decodeFile('imported.yaml', text, context).problems).toEqual([])
  const [gateway, authentication] = parseAllDocuments(text).map((document) => document.toJS())
  return { gateway, jwt: authentication?.jwt }
}

/** The notes of an import, in short. */
function notesOf({ notes }: Imported): readonly string[] {
  return notes.map(({ kind, source }) => `${kind} ${source}`)
}

const tutorial = `
apiVersion: getambassador.io/v2
kind: TLSContext
metadata: {name: aes-kubeapi-context, namespace: ambassador}
spec: {hosts: ["*"], secret: aes-kubeapi}
---
apiVersion: getambassador.io/v2
kind: Mapping
metadata: {name: aes-kubeapi-mapping, namespace: ambassador}
spec:
  prefix: /
  allow_upgrade: [spdy/3.1]
  service: https://kubernetes.default.svc
  timeout_ms: 0
  tls: aes-kubeapi-context
---
apiVersion: getambassador.io/v2
kind: Filter
metadata: {name: kubeapi-jwt-filter, namespace: ambassador}
spec:
  JWT:
    jwksURI: https://keycloak.example.com/auth/realms/demo/protocol/openid-connect/certs
    injectRequestHeaders:
    - name: Impersonate-User
      value: "{{ .token.Claims.given_name }}"
---
apiVersion: getambassador.io/v2
kind: FilterPolicy
metadata: {name: kubeapi-filter-policy, namespace: ambassador}
spec:
  rules:
  - host: "*"
    path: "*"
    filters: [{name: kubeapi-jwt-filter}]
`

function ambassador(text: string): Imported {
  return importAmbassador([{ file: 'filter.yaml', text }])
}

test('the files of the tutorial become a configuration, and each weakness of theirs is told', () => {
  const imported = ambassador(tutorial)
  const { gateway, jwt } = documentsOf(imported)
  expect(jwt).toEqual([
    {
      issuer: {
        url: 'https://keycloak.example.com/auth/realms/demo',
        audiences: ['CLIENT_ID'],
      },
      claimMappings: { username: { claim: 'given_name', prefix: '' } },
    },
  ])
  expect(gateway.upstream).toBeUndefined()
  expect(notesOf(imported)).toEqual([
    'weakness Filter kubeapi-jwt-filter: issuer',
    'todo Filter kubeapi-jwt-filter: audience',
    'weakness Filter kubeapi-jwt-filter: requireExpiresAt',
    'weakness Filter kubeapi-jwt-filter: injectRequestHeaders',
    'dropped FilterPolicy kubeapi-filter-policy',
    'weakness Mapping aes-kubeapi-mapping: allow_upgrade',
    'weakness Mapping aes-kubeapi-mapping: idle_timeout_ms',
    'weakness TLSContext aes-kubeapi-context: ca_secret',
    'dropped TLSContext aes-kubeapi-context: secret',
  ])
})

test('everything that a filter says is translated or told', () => {
  const imported = ambassador(`
kind: Filter
metadata: {name: f}
spec:
  JWT:
    jwksURI: http://keycloak.keycloak/keys
    issuer: https://sso.example.com
    audience: kubernetes
    requireAudience: true
    insecureTLS: true
    validAlgorithms: [RS256, HS256, none]
    leewayForExpiresAt: 5m
    errorResponse: {realm: a}
    injectRequestHeaders:
    - {name: Impersonate-User, value: "oidc:{{ .token.Claims.sub }}"}
    - {name: Impersonate-Group, value: '{{ index .token.Claims "https://example.com/groups" }}'}
    - {name: Impersonate-Groups, value: "{{ .token.Claims.groups }}"}
    - {name: Impersonate-Uid, value: "{{ if .token.Claims.oid }}x{{ end }}"}
    - {name: Impersonate-Extra-Team, value: "{{ .token.Claims.team }}"}
    - {name: X-Id, value: "{{ .token.Claims.sub }}"}
---
kind: FilterPolicy
metadata: {name: p}
spec:
  rules:
  - {host: api.example.com, path: /api/*, filters: [{name: f, arguments: {scope: [kube, "a\\"b"]}}]}
---
kind: Mapping
metadata: {name: m}
spec: {prefix: /k8s/, service: "https://api.example.com:6443/", allow_upgrade: [websocket], idle_timeout_ms: 0}
`)
  const { gateway, jwt } = documentsOf(imported)
  expect(jwt).toMatchObject([
    {
      issuer: { url: 'https://sso.example.com', audiences: ['kubernetes'] },
      claimValidationRules: [
        { expression: `claims.scope.split(' ').exists(s, s == "kube")` },
        { expression: `claims.scope.split(' ').exists(s, s == "a\\"b")` },
      ],
      claimMappings: {
        username: { claim: 'sub', prefix: 'oidc:' },
        groups: { claim: 'https://example.com/groups', prefix: '' },
      },
    },
  ])
  expect(gateway).toMatchObject({
    upstream: {
      server: 'https://api.example.com:6443',
      caFile: '/etc/oidc-gateway/upstream/ca.crt',
    },
    tokens: { signingAlgorithms: ['RS256'] },
  })
  expect(notesOf(imported)).toEqual([
    'dropped Filter f: header Impersonate-Groups',
    'todo Filter f: header Impersonate-Uid',
    'dropped Filter f: header Impersonate-Extra-Team',
    'dropped Filter f: header X-Id',
    'weakness Filter f: requireIssuer',
    'weakness Filter f: requireExpiresAt',
    'weakness Filter f: insecureTLS',
    'weakness Filter f: validAlgorithms',
    'weakness Filter f: injectRequestHeaders',
    'dropped Filter f: leewayForExpiresAt',
    'dropped Filter f: errorResponse',
    'weakness FilterPolicy p',
    'dropped Mapping m: prefix',
  ])
})

test('a list as kubectl prints it is read, too', () => {
  const items = parseAllDocuments(tutorial).map((document) => document.toJS())
  const imported = ambassador(JSON.stringify({ kind: 'List', items }))
  expect(documentsOf(imported).jwt).toHaveLength(1)
})

test.each([
  ['a: [', 'not valid YAML'],
  ['kind: Mapping\n', 'no Filter with a JWT section'],
  ['', 'no Filter with a JWT section'],
])('%j cannot be imported', (text, why) => {
  expect(() => ambassador(text)).toThrow(OidcLoginError)
  expect(() => ambassador(text)).toThrow(why)
})

function flags(args: string, owner: 'kube-oidc-proxy' | 'kube-apiserver' = 'kube-oidc-proxy') {
  return importFlags(args.split(' '), owner, () => undefined)
}

test('the flags of kube-oidc-proxy become a configuration that names everybody as before', () => {
  const imported = flags(
    '--oidc-issuer-url=https://sso.example.com --oidc-client-id kubernetes --oidc-groups-claim=groups --oidc-required-claim=hd=example.com --secure-port=443 --tls-cert-file=/a.crt --tls-private-key-file=/a.key --token-passthrough --flush-interval=50ms --insecure-skip-tls-verify --readiness-probe-port=9090 --audit-log-path=/var/log/a.log --audit-log-maxsize=50 --v=4',
  )
  const { gateway, jwt } = documentsOf(imported)
  expect(jwt).toEqual([
    {
      issuer: { url: 'https://sso.example.com', audiences: ['kubernetes'] },
      claimValidationRules: [{ claim: 'hd', requiredValue: 'example.com' }],
      claimMappings: {
        username: { claim: 'sub', prefix: '' },
        groups: { claim: 'groups', prefix: '' },
      },
    },
  ])
  expect(gateway).toMatchObject({
    listen: { port: 443, certFile: '/a.crt', keyFile: '/a.key' },
    tokens: { signingAlgorithms: ['RS256'], serviceAccounts: 'passthrough' },
    operations: { port: 9090 },
    audit: { sink: 'file', file: '/var/log/a.log', maxFileSize: '50MiB' },
  })
  expect(notesOf(imported)).toEqual([
    'weakness --oidc-username-prefix',
    'weakness --oidc-required-claim',
    'dropped --flush-interval',
    'weakness --insecure-skip-tls-verify',
    'dropped --v',
  ])
})

test.each([
  ['', 'sub', 'https://a.example#'],
  [' --oidc-username-claim=email', 'email', ''],
  [' --oidc-username-claim=upn', 'upn', 'https://a.example#'],
  [' --oidc-username-prefix=-', 'sub', ''],
  [' --oidc-username-prefix=oidc:', 'sub', 'oidc:'],
  [' --oidc-username-claim=email --oidc-username-prefix=o:', 'email', 'o:'],
])('the flags of kube-apiserver %j: claim %s, prefix %j', (more, claim, prefix) => {
  const base = '--oidc-issuer-url=https://a.example --oidc-client-id=k'
  const { jwt } = documentsOf(flags(`${base}${more}`, 'kube-apiserver'))
  expect(jwt[0].claimMappings.username).toEqual({ claim, prefix })
})

test('a file of the forks is named, not copied', () => {
  const imported = flags(
    '--authentication-config=/etc/auth.yaml --trusted-proxies=10.0.0.0/8,192.168.0.0/16 --kubeconfig=/k --context=c --allow-reserved-groups=system:authenticated',
  )
  const { gateway, jwt } = documentsOf(imported)
  expect(jwt).toBeUndefined()
  expect(gateway).toMatchObject({
    authentication: '/etc/auth.yaml',
    listen: { trustedProxies: ['10.0.0.0/8', '192.168.0.0/16'] },
    upstream: { kubeconfig: '/k', context: 'c' },
    impersonation: { allowedReservedGroups: ['system:authenticated'] },
  })
  expect(gateway.tokens).toBeUndefined()
})

test('a secret on the command line is not written down', () => {
  const imported = flags('--oidc-issuer-url=https://a.example --oidc-client-id=k --token=s3cret')
  expect(JSON.stringify(imported)).not.toContain('s3cret')
  expect(notesOf(imported)).toContain('todo --token')
})

test.each(['serve', '--oidc-issuer-url', '---x'])('%j are no flags of the proxy', (args) => {
  expect(() => flags(args)).toThrow(OidcLoginError)
})

test('whatever the flags are, nothing but our own error is thrown', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--oidc-client-id', '--server=x', '--secure-port=a'),
  )
  fc.assert(
    fc.property(fc.array(word), (args) => {
      try {
        importFlags(args, 'kube-oidc-proxy', () => undefined)
      } catch (error) {
        expect(error).toBeInstanceOf(OidcLoginError)
      }
    }),
  )
})
