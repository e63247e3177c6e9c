import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { celLanguage } from '../../claims/index.ts'
import { decodeFile, lintAuthentication, lintGateway } from '../index.ts'
import { remarkIds } from '../remark.ts'

const context = { language: celLanguage, readText: () => undefined }

/** The remarks on an AuthenticationConfiguration whose items a test gives. */
function remarksOn(items: readonly string[], serviceAccountIssuers: readonly string[] = []) {
  const text = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
${items.map((item) => `- ${item}`).join('\n')}
`
  const { authentication, problems } = decodeFile('a.yaml', text, context)
  if (!authentication || problems.length > 0) throw new Error(JSON.stringify(problems))
  return lintAuthentication(authentication, { language: celLanguage, serviceAccountIssuers }).map(
    ({ id, path }) => `${id} ${path}`,
  )
}

/** One provider. */
function provider(mappings: string, rest = '', issuer = 'https://a.example'): string {
  return `{issuer: {url: "${issuer}", audiences: [cli]}, claimMappings: ${mappings}${rest}}`
}

const subject = '{username: {claim: sub, prefix: "oidc:"}}'

test('a configuration as it should be has no remarks', () => {
  expect(remarksOn([provider(subject)])).toEqual([])
})

test.each(['name', 'given_name', 'family_name', 'nickname'])(
  'the claim %s is a username that users choose',
  (claim) => {
    const byClaim = `{username: {claim: ${claim}, prefix: ""}}`
    const byExpression = `{username: {expression: "'oidc:' + claims.${claim}"}}`
    const remark = 'mutable-username jwt[0].claimMappings.username'
    expect(remarksOn([provider(byClaim)])).toEqual([remark])
    expect(remarksOn([provider(byExpression)])).toEqual([remark])
  },
)

test('C17 an address needs a rule that it is verified', () => {
  const email = '{username: {claim: email, prefix: ""}}'
  const remark = 'unverified-email jwt[0].claimMappings.username'
  expect(remarksOn([provider(email)])).toEqual([remark])
  const rule = (expression: string): string =>
    `, claimValidationRules: [{expression: "${expression}"}]`
  expect(remarksOn([provider(email, rule('claims.sub != 7'))])).toEqual([remark])
  expect(remarksOn([provider(email, rule('claims.email_verified == true'))])).toEqual([])
  const expression = `{username: {expression: "claims.email_verified == true ? claims.email : ''"}}`
  expect(remarksOn([provider(expression)])).toEqual([])
})

test.each(['claims["nickname"]', 'claims[?"nickname"].orValue("")', 'dyn(claims).nickname'])(
  'the expression %s does not hide a claim that users choose',
  (expression) => {
    const username = `{username: {expression: '${expression}'}}`
    expect(remarksOn([provider(username)])).toEqual([
      'mutable-username jwt[0].claimMappings.username',
    ])
  },
)

test.each([
  ['claims.email_verified == true ? claims.email : claims.sub', true],
  ['claims.?email_verified.orValue(false) ? claims.email : ""', true],
  ['claims.email_verified != null ? claims.email : claims.email', false],
  ['claims.?email_verified.orValue(true) == true ? claims.email : ""', false],
])('C17 the expression %s refuses an address that is not verified: %s', (expression, refuses) => {
  const remarks = remarksOn([provider(`{username: {expression: '${expression}'}}`)])
  expect(remarks).toEqual(refuses ? [] : ['unverified-email jwt[0].claimMappings.username'])
})

test.each([
  ['claims.email.split("@")[0]', '', true],
  ['claims.email.find("^[^@]+")', '', true],
  ['"x:" + claims.email.replace("@", " ").split(" ")[0]', '', true],
  ['claims.email.lowerAscii()', '', false],
  ['claims.email.split("@")[0]', 'claims.email.endsWith("@corp.example")', false],
  ['claims.email.split("@")[0]', 'claims.email.endsWith("corp.example")', true],
  ['claims.email.split("@")[0]', 'claims.email.contains("@corp.example")', true],
  ['claims.email.split("@")[0]', 'claims.email.matches("@corp[.]example$")', false],
  ['claims.email.split("@")[0]', 'claims.email.matches("@corp[.]example")', true],
  ['claims.email.split("@")[0]', 'claims.email.matches("corp[.]example$")', true],
  ['claims.email.endsWith("@corp.example") ? claims.email.split("@")[0] : claims.email', '', false],
])('%s with the rule "%s" makes one name of two addresses: %s', (expression, rule, isShortened) => {
  const rules = ['claims.email_verified == true', ...(rule === '' ? [] : [rule])]
  const list = rules.map((text) => `{expression: '${text}'}`).join(', ')
  const username = `{username: {expression: '${expression}'}}`
  const remarks = remarksOn([provider(username, `, claimValidationRules: [${list}]`)])
  expect(remarks).toEqual(isShortened ? ['shortened-email jwt[0].claimMappings.username'] : [])
})

test('a name that can be given to somebody else is a warning', () => {
  expect(remarksOn([provider('{username: {claim: preferred_username, prefix: ""}}')])).toEqual([
    'renamable-username jwt[0].claimMappings.username',
  ])
})

test.each([
  ['the same prefix', 'a:', 'a:', true],
  ['no prefix, and one', '', 'b:', true],
  ['one that begins with the other', 'a:', 'a:b:', true],
  ['two prefixes', 'a:', 'b:', false],
])('two providers with %s share names: %s, %s: %s', (_, one, other, isShared) => {
  const mappings = (prefix: string): string =>
    `{username: {claim: sub, prefix: "${prefix}"}, groups: {expression: "'${prefix}' + claims.g"}}`
  const found = remarksOn([
    provider(mappings(one)),
    provider(mappings(other), '', 'https://b.example'),
  ])
  expect(found).toEqual(
    isShared
      ? [
          'shared-usernames jwt[1].claimMappings.username',
          'shared-groups jwt[1].claimMappings.groups',
        ]
      : [],
  )
})

test.each([
  '{username: {claim: sub, prefix: "system:"}}',
  '{username: {expression: "\'system:serviceaccount:\' + claims.sub"}}',
])('A13 a prefix of the system is a danger: %s', (mappings) => {
  expect(remarksOn([provider(mappings)])).toEqual(['reserved-prefix jwt[0].claimMappings.username'])
})

test.each(["['system:masters']", "'system:masters'", "('system:x' + claims.g)"])(
  'A13 a constant group of the system is a danger: %s',
  (expression) => {
    const mappings = `{username: {claim: sub, prefix: "oidc:"}, groups: {expression: "${expression}"}}`
    expect(remarksOn([provider(mappings)])).toEqual(['reserved-prefix jwt[0].claimMappings.groups'])
  },
)

test('the cluster itself as a provider is a danger', () => {
  expect(remarksOn([provider(subject)], ['https://a.example'])).toEqual([
    'cluster-issuer jwt[0].issuer.url',
  ])
})

test('an audience that every token has is a warning', () => {
  const item = `{issuer: {url: "https://a.example", audiences: [account]}, claimMappings: ${subject}}`
  expect(remarksOn([item])).toEqual(['generic-audience jwt[0].issuer.audiences'])
})

test.each([
  ['audit: {sink: none}', 'no-audit'],
  ['upstream: {certFile: c, keyFile: k, renewal: {secret: a/b, approval: self}}', 'self-approval'],
  ['upstream: {certFile: c, keyFile: k, renewal: {secret: a/b}}', undefined],
  ['tokens: {tokenType: any}', 'any-token'],
  ['tokens: {maxTokenSize: 256KiB}', 'token-beyond-header'],
  ['impersonation: {requireNfc: false}', 'unnormalized-names'],
  ['impersonation: {allowedReservedGroups: ["system:nodes"]}', 'reserved-groups'],
  ['impersonation: {allowedReservedGroups: ["system:authenticated"]}', undefined],
  [
    'onboarding: {clusterName: a, server: "https://g", issuer: "https://b", clientId: cli}',
    'unknown-onboarding',
  ],
  [
    'onboarding: {clusterName: a, server: "https://g", issuer: "https://a.example", clientId: x}',
    'unknown-onboarding',
  ],
  [
    'onboarding: {clusterName: a, server: "https://g", issuer: "https://a.example", clientId: cli}',
    undefined,
  ],
  ['workers: 2', undefined],
])('%s: %s', (field, id) => {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: a, keyFile: b}
${field}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- ${provider(subject)}
`
  const { gateway, authentication, problems } = decodeFile('a.yaml', text, context)
  if (!gateway || !authentication) throw new Error(JSON.stringify(problems))
  expect(lintGateway(gateway, authentication).map((remark) => remark.id)).toEqual(
    id === undefined ? [] : [id],
  )
})

test('B8 a network of everybody is no list of proxies', () => {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: a, keyFile: b, trustedProxies: ["0.0.0.0/0"]}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- ${provider(subject)}
`
  const { gateway, authentication } = decodeFile('a.yaml', text, context)
  if (!gateway || !authentication) throw new Error('not decoded')
  expect(lintGateway(gateway, authentication)).toMatchObject([
    { id: 'any-proxy', severity: 'danger', path: 'listen.trustedProxies' },
  ])
})

test('every remark is documented', () => {
  const page = readFileSync('docs/gateway-configuration.md', 'utf8')
  expect(remarkIds.filter((id) => !page.includes(`\`${id}\``))).toEqual([])
})
