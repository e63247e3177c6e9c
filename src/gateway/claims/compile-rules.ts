import type { ClaimValidationRule, UserValidationRule } from '../config/index.ts'
import type { UserInfo } from '../identity/index.ts'
import type { Json, JsonObject } from '../json/index.ts'
import { Refused } from './refused.ts'
import { required } from './required-expression.ts'

/** Throws {@link Refused} when the claims do not obey the rule. */
export type ClaimRule = (claims: JsonObject) => void

/** Compiles claim validation rules, those for a single claim first, as kube-apiserver runs them. */
export function compileClaimRules(rules: readonly ClaimValidationRule[]): readonly ClaimRule[] {
  const single = rules.filter((rule) => rule.kind === 'claim').map(compileClaimRule)
  const expressions = rules.filter((rule) => rule.kind === 'expression').map(compileExpressionRule)
  return [...single, ...expressions]
}

/** Only text can be required, and an absent claim never has the required value (rule C18). */
function compileClaimRule({
  claim,
  requiredValue,
}: ClaimValidationRule & { kind: 'claim' }): ClaimRule {
  return (claims) => {
    if (claims.get(claim) === requiredValue) return
    throw new Refused(`The claim ${JSON.stringify(claim)} does not have the required value.`)
  }
}

function compileExpressionRule(rule: ClaimValidationRule & { kind: 'expression' }): ClaimRule {
  const expression = required(rule.expression, 'claims', 'bool')
  return (claims) => {
    if (isTrue(() => expression.evaluate({ claims }))) return
    throw new Refused(
      because('A claim validation rule of the gateway refuses the token', rule.message),
    )
  }
}

/**
 * Compiles user validation rules.
 *
 * @returns throws {@link Refused} when the user does not obey one
 */
export function compileUserRules(rules: readonly UserValidationRule[]): (user: UserInfo) => void {
  const compiled = rules.map(({ expression, message }) => ({
    expression: required(expression, 'user', 'bool'),
    message,
  }))
  return (info) => {
    if (compiled.length === 0) return
    const user = userValue(info)
    for (const { expression, message } of compiled) {
      if (isTrue(() => expression.evaluate({ user }))) continue
      const what = 'A user validation rule of the gateway refuses the user'
      throw new Refused(because(what, message), 'user_refused')
    }
  }
}

/** A rule that cannot be evaluated is not obeyed. */
function isTrue(evaluate: () => unknown): boolean {
  try {
    return evaluate() === true
  } catch {
    return false
  }
}

function userValue({ username, uid, groups, extra }: UserInfo): Json {
  return new Map<string, Json>([
    ['username', username],
    ['uid', uid],
    ['groups', groups],
    ['extra', extra],
  ])
}

function because(what: string, message: string): string {
  return message === '' ? `${what}.` : `${what}: ${message}`
}
