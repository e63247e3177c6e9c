import type { JwtAuthenticator } from '../authentication-configuration.ts'
import type { ExpressionLanguage } from '../expression-language.ts'

/** Claims of a token that is tried out: an address, and whether it is verified. */
interface Trial {
  readonly email: string
  readonly email_verified: boolean | undefined
}

/** Two people at one domain. */
const people = ['probe', 'other'] as const

/** Whether the name depends on an address although `email_verified` is absent or false. */
export function isTakenUnverified(
  authenticator: JwtAuthenticator,
  language: ExpressionLanguage,
): boolean {
  const nameOf = namer(authenticator, language, 'email_verified')
  const domains = domainsOf(authenticator)
  const isTaken = domains.some((domain) =>
    [undefined, false].some((verified) => {
      const [one, other] = people.map((person) =>
        nameOf({ email: `${person}${domain}`, email_verified: verified }),
      )
      return one !== other
    }),
  )
  const isTried = domains.some(
    (domain) => nameOf({ email: `probe${domain}`, email_verified: true }) !== undefined,
  )
  // An expression that cannot be tried with made-up claims is believed when it asks at all.
  const asks = expressionsOf(authenticator).some((expression) =>
    language.usesClaim(expression, 'email_verified'),
  )
  return isTaken || !(isTried || asks)
}

/** Whether two verified addresses that differ in their domain become one name. */
export function isShortened(
  authenticator: JwtAuthenticator,
  language: ExpressionLanguage,
): boolean {
  const nameOf = namer(authenticator, language, 'email')
  const [names, others] = people.map((person) =>
    domainsOf(authenticator).map((domain) =>
      nameOf({ email: `${person}${domain}`, email_verified: true }),
    ),
  )
  // A name that is the same for everybody at a domain is not made of the address.
  const made = (names ?? []).filter((name, index) => name !== undefined && name !== others?.[index])
  return new Set(made).size < made.length
}

/**
 * Domains that nobody has, those that the expressions name, and those of strangers that a loose comparison
 * takes for one of them: `endsWith("a.example")` lets `@evila.example` through, and `contains`, or a pattern
 * without an end, `@a.example.evil.invalid`.
 */
function domainsOf(authenticator: JwtAuthenticator): readonly string[] {
  const texts = expressionsOf(authenticator).flatMap((text) => text.match(literal) ?? [])
  const likenesses = texts.map(plain).flatMap((text) => {
    const domain = /[\w-]+(?:\.[\w-]+)+$/.exec(text)?.[0]
    if (domain === undefined) return []
    return [
      `@${domain}`,
      `@${domain}.evil.invalid`,
      ...(text.includes('@') ? [] : [`@evil${domain}`]),
    ]
  })
  return [...new Set(['@a.invalid', '@b.invalid', ...likenesses])]
}

const literal = /"[^"]*"|'[^']*'/g

/** A pattern as the text that it is about; its quotes are gone, too. */
function plain(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(/\[\.\]|\\+\./g, '.')
    .replaceAll(/[\^$()\\]/g, '')
}

/**
 * What the user name of a token is; undefined for one that is refused.
 *
 * @param asked the claim whose rules count: others would refuse made-up claims for reasons of their own
 */
function namer(
  { claimMappings, claimValidationRules }: JwtAuthenticator,
  language: ExpressionLanguage,
  asked: string,
): (trial: Trial) => string | undefined {
  const { username } = claimMappings
  const rules = claimValidationRules.flatMap((rule) =>
    rule.kind === 'expression' && language.usesClaim(rule.expression, asked)
      ? [rule.expression]
      : [],
  )
  return (trial) => {
    const known = { ...trial }
    if (!rules.every((rule) => language.tryOut(rule, known) === true)) return undefined
    if (username.kind === 'claim') {
      return trial.email_verified === false ? undefined : username.prefix + trial.email
    }
    const name = language.tryOut(username.expression, known)
    return typeof name === 'string' ? name : undefined
  }
}

function expressionsOf({ claimMappings, claimValidationRules }: JwtAuthenticator): string[] {
  const { username } = claimMappings
  return [
    ...(username.kind === 'expression' ? [username.expression] : []),
    ...claimValidationRules.flatMap((rule) =>
      rule.kind === 'expression' ? [rule.expression] : [],
    ),
  ]
}
