import type { ExpressionLanguage } from '../config/index.ts'
import type { Json } from '../json/index.ts'
import { compileExpression, type Expression } from './expression.ts'

/** Like many texts: long enough to be cut, and an address. */
const someText = 'somebody@somewhere.invalid'

/** CEL, for the decoder of the configuration. */
export const celLanguage: ExpressionLanguage = {
  faultOf(expression, variable, result) {
    const compiled = compileExpression(expression, variable, result)
    return compiled.kind === 'faulty' ? compiled.fault : undefined
  },
  selectsClaim: (expression, claim) => compiledOf(expression)?.selected.has(claim) === true,
  usesClaim(expression, claim) {
    const compiled = compiledOf(expression)
    return compiled?.usesWhole === true || compiled?.fields.has(claim) === true
  },
  usesAllClaims: (expression) => compiledOf(expression)?.usesWhole === true,
  tryOut(expression, known) {
    const compiled = compiledOf(expression)
    if (!compiled) return undefined
    const { fields, evaluate } = compiled
    const claims = new Map<string, Json>([...fields].map((name) => [name, someText]))
    for (const [name, value] of Object.entries(known)) {
      if (value === undefined) claims.delete(name)
      else claims.set(name, value)
    }
    try {
      return evaluate({ claims })
    } catch {
      return undefined
    }
  },
}

function compiledOf(expression: string): Expression | undefined {
  const compiled = compileExpression(expression, 'claims', 'any')
  return compiled.kind === 'compiled' ? compiled.expression : undefined
}
