import type {
  ClaimMappings,
  ClaimOrExpression,
  ClaimValidationRule,
  ExtraMapping,
  PrefixedClaimOrExpression,
} from './authentication-configuration.ts'
import { checkExpression } from './decode-rules.ts'
import { type Cursor, fieldsOf, itemsOf, quote, report, textAt } from './decoding/index.ts'
import type { ExpressionLanguage } from './expression-language.ts'
import { faultOfExtraKey } from './extra-key.ts'

/**
 * Decodes `claimMappings`.
 *
 * @param rules the claim validation rules: one of them may be what checks `email_verified`
 */
export function decodeClaimMappings(
  cursor: Cursor | undefined,
  rules: readonly ClaimValidationRule[],
  language: ExpressionLanguage,
): ClaimMappings {
  const fields = fieldsOf(cursor, ['username', 'groups', 'uid', 'extra'])
  const username = decodePrefixed(fields?.at('username'), language)
  if (fields && !fields.at('username')) report(fields.cursor, 'username is missing.')
  else if (fields?.at('username') && !username) {
    report(fields.at('username') ?? fields.cursor, 'Either claim or expression must be set.')
  }
  const extra = decodeExtra(fields?.at('extra'), language)
  if (username?.kind === 'expression') {
    checkEmail(fields?.at('username'), username.expression, { extra, rules, language })
  }
  return {
    username: username ?? { kind: 'claim', claim: '', prefix: '' },
    groups: decodePrefixed(fields?.at('groups'), language),
    uid: decodeUid(fields?.at('uid'), language),
    extra,
  }
}

function decodePrefixed(
  cursor: Cursor | undefined,
  language: ExpressionLanguage,
): PrefixedClaimOrExpression | undefined {
  const fields = fieldsOf(cursor, ['claim', 'prefix', 'expression'])
  if (!fields) return undefined
  const claim = textAt(fields.at('claim'), '')
  const expression = textAt(fields.at('expression'), '')
  if (claim !== '' && expression !== '') {
    report(fields.cursor, 'Either claim or expression must be set, and not both.')
    return { kind: 'expression', expression }
  }
  if (expression !== '') {
    if (fields.at('prefix')) {
      report(fields.cursor, `prefix belongs to claim. Write it into the expression: 'p:' + ….`)
    }
    checkExpression(fields.at('expression'), language, 'claims', 'any')
    return { kind: 'expression', expression }
  }
  if (claim === '') return undefined
  if (!fields.at('prefix')) {
    report(fields.cursor, 'prefix is obligatory with claim; write prefix: "" for none.')
  }
  return { kind: 'claim', claim, prefix: textAt(fields.at('prefix'), '') }
}

function decodeUid(
  cursor: Cursor | undefined,
  language: ExpressionLanguage,
): ClaimOrExpression | undefined {
  const fields = fieldsOf(cursor, ['claim', 'expression'])
  if (!fields) return undefined
  const claim = textAt(fields.at('claim'), '')
  const expression = textAt(fields.at('expression'), '')
  if (claim !== '' && expression !== '') {
    report(fields.cursor, 'Either claim or expression must be set, and not both.')
  }
  checkExpression(fields.at('expression'), language, 'claims', 'any')
  if (expression !== '') return { kind: 'expression', expression }
  return claim === '' ? undefined : { kind: 'claim', claim }
}

function decodeExtra(
  cursor: Cursor | undefined,
  language: ExpressionLanguage,
): readonly ExtraMapping[] {
  const keys = new Set<string>()
  return itemsOf(cursor).flatMap((item): ExtraMapping[] => {
    const fields = fieldsOf(item, ['key', 'valueExpression'])
    if (!fields) return []
    const key = textAt(fields.at('key'), '')
    const fault = faultOfExtraKey(key)
    if (fault !== undefined) report(fields.at('key') ?? item, fault)
    if (keys.has(key)) report(item, `Another item has the key ${quote(key)}, too.`)
    keys.add(key)
    const valueExpression = textAt(fields.at('valueExpression'), '')
    if (valueExpression === '') report(item, 'valueExpression is missing.')
    checkExpression(fields.at('valueExpression'), language, 'claims', 'any')
    return [{ key, valueExpression }]
  })
}

/** A username made of `claims.email` is worth nothing while nobody has looked whether it is verified. */
function checkEmail(
  cursor: Cursor | undefined,
  username: string,
  {
    extra,
    rules,
    language,
  }: {
    readonly extra: readonly ExtraMapping[]
    readonly rules: readonly ClaimValidationRule[]
    readonly language: ExpressionLanguage
  },
): void {
  if (!cursor || !language.selectsClaim(username, 'email')) return
  const others = [
    username,
    ...extra.map(({ valueExpression }) => valueExpression),
    ...rules.flatMap((rule) => (rule.kind === 'expression' ? [rule.expression] : [])),
  ]
  if (others.some((expression) => language.selectsClaim(expression, 'email_verified'))) return
  report(
    cursor,
    'The expression uses claims.email, so claims.email_verified must be used in it, in an expression of extra, or in a claim validation rule, such as claims.?email_verified.orValue(true) == true.',
  )
}
