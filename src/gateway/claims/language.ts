import type { ExpressionLanguage } from '../config/index.ts'
import { compileExpression } from './expression.ts'

/** CEL, for the decoder of the configuration. */
export const celLanguage: ExpressionLanguage = {
  faultOf(expression, variable, result) {
    const compiled = compileExpression(expression, variable, result)
    return compiled.kind === 'faulty' ? compiled.fault : undefined
  },
  selectsClaim(expression, claim) {
    const compiled = compileExpression(expression, 'claims', 'any')
    return compiled.kind === 'compiled' && compiled.expression.selects('claims', claim)
  },
}
