import fc from 'fast-check'

/** The claims of a token. */
export type TokenClaims = Readonly<Record<string, unknown>>

/** One entry of `jwt` without its issuer, and fields of the GatewayConfiguration. */
export interface Setup {
  readonly jwt: Readonly<Record<string, unknown>>
  readonly gateway: Readonly<Record<string, unknown>>
}

/** John, as an honest provider describes him. */
export const john: TokenClaims = {
  sub: 'j-1',
  oid: 'o-john',
  preferred_username: 'john',
  upn: 'john@a.example',
  email: 'john@a.example',
  email_verified: true,
  groups: ['dev'],
  given_name: 'John',
  family_name: 'Doe',
  name: 'John Doe',
  nickname: 'john',
}

/** What everybody may write into the profile of an account of one's own (OpenID Connect Core §5.1). */
const ownClaims = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'phone_number',
] as const

/** Claims that only the provider, or its administrator, gives. */
const givenClaims = ['sub', 'oid', 'preferred_username', 'upn', 'email'] as const

const anyClaim = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...givenClaims) },
  { weight: 1, arbitrary: fc.constantFrom(...ownClaims) },
)

const prefix = fc.constantFrom('', '', 'oidc:', 'j', 'sys', 'system:')

/** Ways to write a claim in CEL. */
const read = fc.tuple(anyClaim, fc.nat({ max: 5 })).map(([claim, way]) => {
  const ways = [
    `claims.${claim}`,
    `claims["${claim}"]`,
    `claims.?${claim}.orValue("")`,
    `claims[?"${claim}"].orValue("")`,
    `string(claims.${claim})`,
    `dyn(claims).${claim}`,
  ]
  return ways[way] ?? ''
})

/** Ways to change a text. */
const changed = fc.tuple(read, fc.nat({ max: 8 })).map(([text, way]) => {
  const ways = [
    text,
    text,
    text,
    `${text}.lowerAscii()`,
    `${text}.split("@")[0]`,
    `${text}.find("^[^@]+")`,
    `${text}.replace("@evil.example", "@a.example")`,
    `${text}.substring(0, 4)`,
    `${text}.trim()`,
  ]
  return ways[way] ?? ''
})

const verified = fc.constantFrom(
  'claims.email_verified == true',
  'has(claims.email_verified) && claims.email_verified == true',
  'claims.?email_verified.orValue(false)',
  'claims.?email_verified.orValue(true) == true',
  'claims.email_verified != null',
  '!has(claims.email_verified) || claims.email_verified == false',
)

const expression = fc.oneof(
  changed,
  fc.tuple(prefix, changed).map(([text, name]) => `"${text}" + ${name}`),
  fc.tuple(changed, changed).map(([one, other]) => `${one} + ":" + ${other}`),
  fc.tuple(verified, changed, changed).map(([test, one, other]) => `${test} ? ${one} : ${other}`),
)

const username = fc.oneof(fc.record({ claim: anyClaim, prefix }), {
  weight: 2,
  arbitrary: expression.map((text) => ({ expression: text })),
})

const groups = fc.option(
  fc.oneof(
    fc.record({ claim: fc.constantFrom('groups', 'roles', 'nickname'), prefix }),
    fc
      .constantFrom(
        'claims.?groups.orValue([])',
        'dyn(claims.?groups.orValue([])).map(g, "oidc:" + g)',
        'dyn(claims.?groups.orValue([])).map(g, "system:" + g)',
        '[claims.nickname]',
        '["sys" + "tem:masters"]',
        '[claims.sub == "j-1" ? "system:masters" : "dev"]',
      )
      .map((text) => ({ expression: text })),
  ),
  { nil: undefined },
)

const rules = fc.subarray(
  [
    ...['claims.email_verified == true', 'has(claims.email_verified)', 'claims.sub != "x"'],
    ...['claims.?email_verified.orValue(true) == true', 'claims.email.endsWith("@a.example")'],
    ...['claims.email.endsWith("a.example")', 'claims.email.contains("@a.example")'],
    ...['claims.email.matches("@a[.]example$")', "claims.email.matches('@a.example')"],
  ],
  { maxLength: 2 },
)

/** Configurations that somebody could write; most are refused. */
export const setups: fc.Arbitrary<Setup> = fc
  .record({
    username,
    groups,
    uid: fc.option(fc.constant({ claim: 'sub' }), { nil: undefined }),
    extra: fc.option(fc.constant([{ key: 'a.example/nick', valueExpression: 'claims.nickname' }]), {
      nil: undefined,
    }),
    rules,
    nested: fc.constantFrom('deny', 'review'),
    requireNfc: fc.boolean(),
    allowedReservedGroups: fc.constantFrom([], [], ['system:authenticated'], ['system:nodes']),
    tokenType: fc.constantFrom('id_token', 'any'),
  })
  .map(
    ({
      rules: expressions,
      nested,
      requireNfc,
      allowedReservedGroups,
      tokenType,
      ...mappings
    }) => ({
      jwt: {
        claimMappings: defined(mappings),
        claimValidationRules: expressions.map((text) => ({ expression: text })),
      },
      gateway: {
        impersonation: { nested, requireNfc, allowedReservedGroups },
        tokens: { tokenType },
      },
    }),
  )

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(fields))
}

/**
 * Tokens that an honest provider issues to Mallory: her profile is what she makes of it, her address is one
 * of hers or not verified, and whoever looks after groups is careless.
 *
 * @param wanted names that she would like to have
 */
export function malloryClaims(wanted: readonly string[]): fc.Arbitrary<TokenClaims> {
  const own = fc.constantFrom(...wanted, ...Object.values(john).filter(isText), 'system:admin')
  const addresses = fc.oneof(
    fc.constantFrom<TokenClaims>(
      { email: 'mallory@a.example', email_verified: true },
      { email: 'john@evil.example', email_verified: true },
      { email: 'john@evila.example', email_verified: true },
      { email: 'john@a.example.evil', email_verified: true },
    ),
    fc
      .tuple(own, fc.constantFrom<TokenClaims>({}, { email_verified: false }))
      .map(([email, more]): TokenClaims => ({ email, ...more })),
  )
  return fc
    .tuple(
      fc.record(Object.fromEntries(ownClaims.map((name) => [name, own])), { requiredKeys: [] }),
      addresses,
      fc.subarray(['dev', 'john', 'masters', 'tem:masters', 'system:masters', 'system:nodes']),
    )
    .map(([profile, address, list]) => ({
      ...profile,
      ...address,
      sub: 'm-1',
      oid: 'o-mallory',
      preferred_username: 'mallory',
      upn: 'mallory@evil.example',
      groups: list,
    }))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
