/** One entry of `jwt` in the AuthenticationConfiguration, without its issuer's URL. */
export interface Variant {
  /** Part of the issuer's URL. */
  readonly name: string
  /** By default `kubernetes`. */
  readonly audiences?: readonly string[]
  /** The issuer's URL, when it is not below the test's own. */
  readonly url?: string
  readonly claimMappings: Readonly<Record<string, unknown>>
  readonly claimValidationRules?: readonly Readonly<Record<string, string>>[]
  readonly userValidationRules?: readonly Readonly<Record<string, string>>[]
}

const sub = { claim: 'sub', prefix: '' }

/** Mappings by claims, and rules for single claims. */
const byClaim: readonly Variant[] = [
  { name: 'plain', claimMappings: { username: sub, groups: { claim: 'groups', prefix: '' } } },
  {
    name: 'prefixed',
    claimMappings: {
      username: { claim: 'sub', prefix: 'oidc:' },
      groups: { claim: 'groups', prefix: 'oidc:' },
      uid: { claim: 'uid' },
    },
  },
  { name: 'email', claimMappings: { username: { claim: 'email', prefix: '' } } },
  {
    name: 'url-claim',
    claimMappings: { username: { claim: 'https://a.example/name', prefix: '' } },
  },
  { name: 'prototype', claimMappings: { username: { claim: '__proto__', prefix: '' } } },
  { name: 'audiences', audiences: ['one', 'two', 'three'], claimMappings: { username: sub } },
  { name: 'blank-audience', audiences: ['a b', 'ü'], claimMappings: { username: sub } },
  {
    name: 'required',
    claimMappings: { username: sub },
    claimValidationRules: [{ claim: 'hd', requiredValue: 'a.example' }],
  },
  {
    name: 'required-empty',
    claimMappings: { username: sub },
    claimValidationRules: [{ claim: 'hd' }],
  },
  {
    name: 'google',
    url: 'https://accounts.google.com',
    claimMappings: { username: { claim: 'sub', prefix: 'google:' } },
  },
]

/** Expressions for groups: what they may return is the widest. */
const groupExpressions: readonly string[] = [
  'claims.groups',
  'claims.sub',
  'claims.n',
  'claims.obj',
  'claims.nul',
  'claims',
  '[]',
  '["", "a", "a"]',
  '[dyn("a"), dyn(1)]',
  'dyn(claims.groups).map(g, "x:" + g)',
  'dyn(claims.groups).filter(g, g.matches("^[dK]"))',
  'claims.?groups.orValue(["none"])',
  'has(claims.groups) && !has(claims.groups.x) ? claims.groups : []',
  'claims.groups + ["z"]',
  '"roles" in claims.obj ? claims.obj.roles : []',
  'claims.obj.a__dot__b',
  'claims["https://a.example/name"]',
  'claims.sub.split("n")',
  'dyn(claims.groups).map(g, type(g) == string, g)',
  '[dyn(claims.groups)[0]]',
  'claims.email.findAll("[^@.]+")',
  '[string(claims.n), string(claims.b), string(1.5), string(1e20), string(0.000001)]',
  '[claims.n == 7 ? "seven" : "other", claims.n > 5 ? "big" : "small"]',
  '[claims.sub.lowerAscii(), claims.sub.upperAscii(), claims.sub.trim(), claims.sub.replace("o", "0", 1)]',
  '[string(claims.sub.size()), string(claims.sub.indexOf("n")), claims.sub.substring(1), claims.sub.charAt(0)]',
  '[claims.sub.matches("(?i)^K") ? "kelvin" : "no", claims.sub < "k" ? "before" : "after"]',
  '[timestamp("2024-01-01T00:00:00Z") < timestamp("2025-01-01T00:00:00Z") ? "before" : "after"]',
  'sets.intersects(claims.groups, ["dev"]) ? ["yes"] : ["no"]',
  '["b", "a", "b"].distinct().reverse()',
  'dyn(claims.obj).map(k, k)',
  'dyn(claims.groups).exists_one(g, g == "dev") && dyn(claims.groups).all(g, g != "") ? ["y"] : ["n"]',
  '[claims.nope || true ? "short" : "n", false && claims.nope ? "n" : "circuit"]',
  'claims.iss + claims.aud == "" ? [] : [string(claims.exp - claims.iat)]',
  '[dyn(has(claims.obj.roles) ? "r" : "n"), claims.?obj.?a__dot__b.orValue("none"), claims.?obj.orValue({}).?x.orValue("none")]',
]

const byExpression: readonly Variant[] = [
  ...groupExpressions.map((expression, index) => ({
    name: `groups-${index}`,
    claimMappings: { username: sub, groups: { expression } },
  })),
  { name: 'username-sub', claimMappings: { username: { expression: 'claims.sub' } } },
  { name: 'username-any', claimMappings: { username: { expression: '"u:" + string(claims.n)' } } },
  {
    name: 'username-email',
    claimMappings: {
      username: { expression: 'claims.?email_verified.orValue(true) == true ? claims.email : ""' },
    },
  },
  {
    name: 'uid-and-extra',
    claimMappings: {
      username: sub,
      uid: { expression: 'claims.?uid.orValue("")' },
      extra: [
        { key: 'a.example/roles', valueExpression: 'claims.?groups.orValue([])' },
        { key: 'a.example/x/y-z_1.2', valueExpression: 'claims.?email.orValue("")' },
      ],
    },
  },
  {
    name: 'uid-number',
    claimMappings: { username: sub, uid: { expression: 'claims.n' } },
  },
]

const claimRules: readonly string[] = [
  'claims.exp - claims.iat <= 86400',
  'claims.n in [7, 8]',
  'claims.b == true',
  '!has(claims.hd) || claims.hd == "a.example"',
  '"dev" in claims.groups',
]

const userRules: readonly string[] = [
  "!user.username.startsWith('system:') && user.groups.all(g, !g.startsWith('system:'))",
  "user.extra.all(k, k.startsWith('authentication.kubernetes.io/')) && user.uid == ''",
  "user.username.matches('^[a-z]+$')",
  "user.extra['authentication.kubernetes.io/credential-id'][0] == 'JTI=1'",
]

const byRule: readonly Variant[] = [
  ...claimRules.map((expression, index) => ({
    name: `claim-rule-${index}`,
    claimMappings: { username: sub },
    claimValidationRules: [{ expression, message: 'not so' }],
  })),
  ...userRules.map((expression, index) => ({
    name: `user-rule-${index}`,
    claimMappings: { username: sub, groups: { claim: 'groups', prefix: '' } },
    userValidationRules: [{ expression, message: 'not so' }],
  })),
  {
    name: 'loops',
    claimMappings: { username: sub },
    claimValidationRules: [
      {
        expression:
          '!has(claims.l) || dyn(claims.l).all(a, dyn(claims.l).all(b, dyn(claims.l).all(c, a != "" || b != c)))',
      },
    ],
  },
]

/** Every way to make an identity that both judges are tried with. */
export const variants: readonly Variant[] = [...byClaim, ...byExpression, ...byRule]

/** What kube-apiserver takes and the gateway does not, by the rule that says so. */
export const refusedVariants: readonly (Variant & { readonly rule: string })[] = [
  ...[
    '["%s".format([string(claims.sub)])]',
    '[string(duration("90m"))]',
    `[claims.sub${' '.repeat(10_000)}]`,
    'dyn(claims.groups).exists(g, has(g.x)) ? ["a"] : ["b"]',
  ].map((expression, index) => ({
    name: `refused-${index}`,
    claimMappings: { username: sub, groups: { expression } },
    rule: 'H5',
  })),
  {
    name: 'refused-key',
    claimMappings: {
      username: sub,
      extra: [{ key: 'a.example/x:y', valueExpression: 'claims.sub' }],
    },
    rule: 'A16',
  },
]
