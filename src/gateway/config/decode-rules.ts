import type { ClaimValidationRule, UserValidationRule } from './authentication-configuration.ts'
import { type Cursor, fieldsOf, itemsOf, quote, report, textAt } from './decoding/index.ts'
import type { ExpressionLanguage, ExpressionVariable } from './expression-language.ts'

/** Decodes `claimValidationRules`: each is a claim with its value, or an expression that must be true. */
export function decodeClaimValidationRules(
  cursor: Cursor | undefined,
  language: ExpressionLanguage,
): readonly ClaimValidationRule[] {
  const claims = new Set<string>()
  const expressions = new Set<string>()
  return itemsOf(cursor).flatMap((item): ClaimValidationRule[] => {
    const fields = fieldsOf(item, ['claim', 'requiredValue', 'expression', 'message'])
    if (!fields) return []
    const claim = textAt(fields.at('claim'), '')
    const expression = textAt(fields.at('expression'), '')
    const requiredValue = textAt(fields.at('requiredValue'), '')
    const message = textAt(fields.at('message'), '')
    if ((claim === '') === (expression === '')) {
      report(item, 'Either claim or expression must be set, and not both.')
      return []
    }
    if (claim !== '') {
      if (message !== '') report(item, 'message belongs to expression, not to claim.')
      reportRepetition(item, 'claim', claim, claims)
      return [{ kind: 'claim', claim, requiredValue }]
    }
    if (requiredValue !== '') report(item, 'requiredValue belongs to claim, not to expression.')
    reportRepetition(item, 'expression', expression, expressions)
    checkExpression(fields.at('expression'), language, 'claims', 'bool')
    return [{ kind: 'expression', expression, message }]
  })
}

/** Decodes `userValidationRules`. */
export function decodeUserValidationRules(
  cursor: Cursor | undefined,
  language: ExpressionLanguage,
): readonly UserValidationRule[] {
  const expressions = new Set<string>()
  return itemsOf(cursor).flatMap((item): UserValidationRule[] => {
    const fields = fieldsOf(item, ['expression', 'message'])
    if (!fields) return []
    const expression = textAt(fields.at('expression'), '')
    if (expression === '') {
      report(item, 'expression is missing.')
      return []
    }
    reportRepetition(item, 'expression', expression, expressions)
    checkExpression(fields.at('expression'), language, 'user', 'bool')
    return [{ expression, message: textAt(fields.at('message'), '') }]
  })
}

/** Reports what is wrong with an expression. */
export function checkExpression(
  cursor: Cursor | undefined,
  language: ExpressionLanguage,
  variable: ExpressionVariable,
  result: 'bool' | 'any',
): void {
  const expression = textAt(cursor, '')
  const fault = expression === '' ? undefined : language.faultOf(expression, variable, result)
  if (cursor && fault !== undefined) report(cursor, fault)
}

function reportRepetition(item: Cursor, what: string, value: string, seen: Set<string>): void {
  if (seen.has(value)) report(item, `Another rule has the ${what} ${quote(value)}, too.`)
  seen.add(value)
}
