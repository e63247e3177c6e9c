import { beforeAll, expect, test } from 'vitest'
import { createAuthority } from '../../../test/world/certificates.ts'
import { celLanguage } from '../claims/index.ts'
import { decodeFile, formatProblem } from './index.ts'

let pem = ''
beforeAll(async () => {
  pem = (await createAuthority()).certPem
})

function decode(text: string) {
  return decodeFile('auth.yaml', text, { language: celLanguage, readText: () => undefined })
}

function problemsOf(text: string): readonly string[] {
  return decode(text).problems.map(formatProblem)
}

/** A configuration with one authenticator, parts of which a test replaces. */
function withParts(parts: {
  readonly issuer?: string
  readonly mappings?: string
  readonly rest?: string
  readonly root?: string
}): string {
  return `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
${parts.root ?? ''}
jwt:
- issuer: ${parts.issuer ?? '{url: "https://sso.example.com", audiences: [kubernetes]}'}
  claimMappings: ${parts.mappings ?? '{username: {claim: sub, prefix: "oidc:"}}'}
  ${parts.rest ?? ''}
`
}

test.each(['v1', 'v1beta1'])(
  'a whole AuthenticationConfiguration %s is taken as it is',
  (version) => {
    const { authentication, problems } = decode(`
apiVersion: apiserver.config.k8s.io/${version}
kind: AuthenticationConfiguration
anonymous: {enabled: false}
jwt:
- issuer:
    url: https://sso.example.com/realms/demo
    discoveryURL: https://keycloak.sso.svc/realms/demo/.well-known/openid-configuration
    certificateAuthority: |
${pem.trimEnd().replace(/^/gm, '      ')}
    audiences: [kubernetes, cli]
    audienceMatchPolicy: MatchAny
  claimValidationRules:
  - {claim: hd, requiredValue: example.com}
  - {expression: "claims.exp - claims.nbf <= 86400", message: too long}
  claimMappings:
    username: {expression: "'oidc:' + claims.sub"}
    groups: {claim: groups, prefix: "oidc:"}
    uid: {claim: sub}
    extra:
    - {key: example.com/team, valueExpression: claims.team}
  userValidationRules:
  - {expression: "!user.username.startsWith('system:')", message: reserved}
`)
    expect(problems).toEqual([])
    expect(authentication).toEqual({
      jwt: [
        {
          issuer: {
            url: 'https://sso.example.com/realms/demo',
            discoveryURL: 'https://keycloak.sso.svc/realms/demo/.well-known/openid-configuration',
            certificateAuthority: pem.endsWith('\n') ? pem : `${pem}\n`,
            audiences: ['kubernetes', 'cli'],
          },
          claimValidationRules: [
            { kind: 'claim', claim: 'hd', requiredValue: 'example.com' },
            {
              kind: 'expression',
              expression: 'claims.exp - claims.nbf <= 86400',
              message: 'too long',
            },
          ],
          claimMappings: {
            username: { kind: 'expression', expression: "'oidc:' + claims.sub" },
            groups: { kind: 'claim', claim: 'groups', prefix: 'oidc:' },
            uid: { kind: 'claim', claim: 'sub' },
            extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
          },
          userValidationRules: [
            { expression: "!user.username.startsWith('system:')", message: 'reserved' },
          ],
        },
      ],
    })
  },
)

test.each([
  ['H6 plain http', '{url: "http://sso.example.com", audiences: [a]}', 'must begin with https://'],
  ['a URL with a password', '{url: "https://u:p@sso.example.com", audiences: [a]}', 'user name'],
  ['C23 a query', '{url: "https://sso.example.com/?a=b", audiences: [a]}', 'query'],
  ['C23 a fragment', '{url: "https://sso.example.com/#x", audiences: [a]}', 'fragment'],
  ['no URL at all', '{url: sso.example.com, audiences: [a]}', 'is not a URL'],
  ['no url', '{audiences: [a]}', 'url is missing'],
  ['no audiences', '{url: "https://sso.example.com"}', 'audiences is missing'],
  [
    'H6 an empty list of audiences',
    '{url: "https://sso.example.com", audiences: []}',
    'at least one',
  ],
  ['H6 a blank audience', '{url: "https://sso.example.com", audiences: [" "]}', 'empty'],
  [
    'an audience that stands twice',
    '{url: "https://sso.example.com", audiences: [a, a], audienceMatchPolicy: MatchAny}',
    'twice',
  ],
  [
    'several audiences without a policy',
    '{url: "https://sso.example.com", audiences: [a, b]}',
    'obligatory',
  ],
  [
    'another policy',
    '{url: "https://sso.example.com", audiences: [a], audienceMatchPolicy: MatchAll}',
    'only be MatchAny',
  ],
  [
    'a discovery URL that is the URL',
    '{url: "https://sso.example.com", discoveryURL: "https://sso.example.com/", audiences: [a]}',
    'must differ',
  ],
  [
    'a discovery URL over http',
    '{url: "https://sso.example.com", discoveryURL: "http://a.example", audiences: [a]}',
    'https://',
  ],
  [
    'an egress selector',
    '{url: "https://sso.example.com", audiences: [a], egressSelectorType: cluster}',
    'Egress selectors',
  ],
  [
    'an authority that is none',
    '{url: "https://sso.example.com", audiences: [a], certificateAuthority: x}',
    'no PEM certificate',
  ],
  [
    'a number as an audience',
    '{url: "https://sso.example.com", audiences: [1]}',
    'Text is expected',
  ],
  ['no mapping', 'nothing', 'A mapping with the fields'],
])('the issuer is refused: %s', (_, issuer, why) => {
  const problems = problemsOf(withParts({ issuer }))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^auth\.yaml:5: jwt\[0\]\.issuer/)
  expect(problems[0]).toContain(why)
})

test.each([
  ['no username', '{groups: {claim: groups, prefix: ""}}', 'username is missing'],
  ['a username of nothing', '{username: {}}', 'Either claim or expression must be set'],
  ['a claim without a prefix', '{username: {claim: sub}}', 'prefix is obligatory'],
  [
    'claim and expression',
    '{username: {claim: sub, prefix: "", expression: claims.sub}}',
    'and not both',
  ],
  [
    'prefix and expression',
    '{username: {prefix: "a", expression: claims.sub}}',
    'prefix belongs to claim',
  ],
  [
    'groups without a prefix',
    '{username: {claim: sub, prefix: ""}, groups: {claim: g}}',
    'prefix is obligatory',
  ],
  [
    'uid by both',
    '{username: {claim: sub, prefix: ""}, uid: {claim: a, expression: claims.a}}',
    'and not both',
  ],
  [
    'an expression over the user',
    '{username: {expression: user.username}}',
    'Unknown variable: user',
  ],
  [
    'C17 email without a look at email_verified',
    '{username: {expression: claims.email}}',
    'claims.email_verified must be used',
  ],
  [
    'a key without a domain',
    '{username: {claim: sub, prefix: ""}, extra: [{key: team, valueExpression: claims.t}]}',
    'a domain and a path',
  ],
  [
    'A16 a key in upper case',
    '{username: {claim: sub, prefix: ""}, extra: [{key: example.com/Team, valueExpression: claims.t}]}',
    'lower case',
  ],
  [
    'A16 a key with a percent sign',
    '{username: {claim: sub, prefix: ""}, extra: [{key: example.com/a%41, valueExpression: claims.t}]}',
    'may consist of',
  ],
  [
    'A16 a key of Kubernetes',
    '{username: {claim: sub, prefix: ""}, extra: [{key: authentication.kubernetes.io/pod, valueExpression: claims.t}]}',
    'reserved for Kubernetes',
  ],
  [
    'a key without a value',
    '{username: {claim: sub, prefix: ""}, extra: [{key: example.com/team}]}',
    'valueExpression is missing',
  ],
  [
    'a key that stands twice',
    '{username: {claim: sub, prefix: ""}, extra: [{key: example.com/t, valueExpression: claims.t}, {key: example.com/t, valueExpression: claims.u}]}',
    'Another item has the key',
  ],
])('the mappings are refused: %s', (_, mappings, why) => {
  const problems = problemsOf(withParts({ mappings }))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^auth\.yaml:6: jwt\[0\]\.claimMappings/)
  expect(problems[0]).toContain(why)
})

test.each([
  '{username: {expression: "claims.?email_verified.orValue(true) == true ? claims.email : \'\'"}}',
  '{username: {expression: claims.email}, extra: [{key: example.com/v, valueExpression: string(claims.email_verified)}]}',
])('C17 email is taken with email_verified beside it: %s', (mappings) => {
  expect(problemsOf(withParts({ mappings }))).toEqual([])
})

test('C17 a claim validation rule may be what looks at email_verified', () => {
  const mappings = '{username: {expression: claims.email}}'
  const rest = 'claimValidationRules: [{expression: claims.email_verified == true}]'
  expect(problemsOf(withParts({ mappings, rest }))).toEqual([])
})

test.each([
  [
    'claim and expression',
    'claimValidationRules: [{claim: a, expression: "true"}]',
    'and not both',
  ],
  ['neither', 'claimValidationRules: [{message: a}]', 'and not both'],
  [
    'a message with a claim',
    'claimValidationRules: [{claim: a, message: b}]',
    'message belongs to',
  ],
  [
    'a value with an expression',
    'claimValidationRules: [{requiredValue: a, expression: "true"}]',
    'requiredValue belongs to',
  ],
  ['a claim twice', 'claimValidationRules: [{claim: a}, {claim: a}]', 'Another rule has the claim'],
  [
    'an expression twice',
    'claimValidationRules: [{expression: "true"}, {expression: "true"}]',
    'Another rule has the expression',
  ],
  [
    'C18 a required number',
    'claimValidationRules: [{claim: a, requiredValue: 1}]',
    'Text is expected',
  ],
  [
    'a rule that yields no truth',
    'claimValidationRules: [{expression: claims.sub}]',
    'must be true or false',
  ],
  [
    'a user rule without an expression',
    'userValidationRules: [{message: a}]',
    'expression is missing',
  ],
  [
    'a user rule over claims',
    'userValidationRules: [{expression: claims.a == "b"}]',
    'Unknown variable: claims',
  ],
  [
    'a user rule over an unknown field',
    'userValidationRules: [{expression: user.name == "b"}]',
    'No such key: name',
  ],
  [
    'H5 a regular expression that is none',
    `userValidationRules: [{expression: 'user.username.matches("(")'}]`,
    'not a regular expression',
  ],
])('a rule is refused: %s', (_, rest, why) => {
  const problems = problemsOf(withParts({ rest }))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^auth\.yaml:7: jwt\[0\]\.(claim|user)ValidationRules\[\d\]/)
  expect(problems[0]).toContain(why)
})

test('H6 an unknown field names itself, its line, and what was meant', () => {
  const rest = 'claimValidationRule: []'
  expect(problemsOf(withParts({ rest }))).toEqual([
    'auth.yaml:7: jwt[0]: There is no field "claimValidationRule". Did you mean "claimValidationRules"?',
  ])
})

test('H6 two authenticators for one issuer are refused', () => {
  const one =
    '- issuer: {url: "https://a.example", audiences: [a]}\n  claimMappings: {username: {claim: sub, prefix: ""}}\n'
  const text = `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n${one}${one}`
  expect(problemsOf(text)).toEqual([
    'auth.yaml:6: jwt[1]: Another item has the issuer "https://a.example", too.',
  ])
})

test('two authenticators with one discovery document are refused', () => {
  const item = (host: string): string =>
    `- issuer: {url: "https://${host}", discoveryURL: "https://d.example", audiences: [a]}\n  claimMappings: {username: {claim: sub, prefix: ""}}\n`
  const text = `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n${item('a.example')}${item('b.example')}`
  expect(problemsOf(text)).toEqual([
    'auth.yaml:6: jwt[1]: Another item has the discoveryURL "https://d.example", too.',
  ])
})

test.each([
  [
    'anonymous users',
    'anonymous: {enabled: true, conditions: [{path: /livez}]}',
    'forwards no anonymous request',
  ],
  [
    'conditions without anonymous users',
    'anonymous: {enabled: false, conditions: [{path: /livez}]}',
    'enabled: true only',
  ],
])('refused: %s', (_, root, why) => {
  const problems = problemsOf(withParts({ root }))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(why)
})

test('nobody can sign in with an empty list', () => {
  const text =
    'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt: []\n'
  expect(problemsOf(text)[0]).toContain('nobody could sign in')
})

test('more than 64 authenticators are refused', () => {
  const items = Array.from(
    { length: 65 },
    (_, index) =>
      `- issuer: {url: "https://a${index}.example", audiences: [a]}\n  claimMappings: {username: {claim: sub, prefix: ""}}\n`,
  )
  const text = `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n${items.join('')}`
  expect(problemsOf(text)).toEqual([expect.stringContaining('jwt has 65 items')])
})

test('all problems are told at once, each in its line', () => {
  const text = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: http://sso.example.com
    audience: [a]
  claimMappings:
    username: {claim: sub}
    groups: {expression: "claims.groups +"}
`
  const problems = problemsOf(text)
  expect(problems.map((problem) => problem.split(':')[1])).toEqual(['5', '5', '6', '8', '9'])
})

test('JSON is taken, too', () => {
  const { problems } = decode(
    JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt: [
        {
          issuer: { url: 'https://sso.example.com', audiences: ['a'] },
          claimMappings: { username: { claim: 'sub', prefix: '' } },
        },
      ],
    }),
  )
  expect(problems).toEqual([])
})
