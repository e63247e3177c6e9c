import { OidcLoginError } from '../../errors.ts'
import type { Json } from '../json/index.ts'
import { compileExpression, type Expression, type Variable } from './expression.ts'
import { Refused } from './refused.ts'

/**
 * Compiles an expression that the decoder has checked already.
 *
 * @throws OidcLoginError `configuration_invalid`
 */
export function required(text: string, variable: Variable, result: 'bool' | 'any'): Expression {
  const compiled = compileExpression(text, variable, result)
  if (compiled.kind === 'compiled') return compiled.expression
  throw new OidcLoginError('configuration_invalid', compiled.fault, {
    hint: 'docs/gateway-configuration.md names the functions that there are.',
  })
}

/**
 * Evaluates an expression. One that cannot be evaluated never counts as an absent value.
 *
 * @param what what it is evaluated for, for the message
 * @throws Refused
 */
export function evaluate(
  expression: Expression,
  variables: Readonly<Record<string, Json>>,
  what: string,
): unknown {
  try {
    return expression.evaluate(variables)
  } catch {
    // The engine's message quotes values of claims.
    throw new Refused(`The expression for the ${what} cannot be evaluated with this token.`)
  }
}
