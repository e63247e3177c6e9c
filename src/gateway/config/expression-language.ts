/** What the decoder must know of CEL. The room `claims` provides it, so that no other room knows CEL. */
export interface ExpressionLanguage {
  /**
   * Checks an expression as kube-apiserver does when it starts.
   *
   * @param variable the only variable that the expression may use
   * @param result what it must yield; `any` is checked when it is evaluated
   * @returns whole sentences that say what is wrong; undefined when nothing is
   */
  faultOf(
    expression: string,
    variable: ExpressionVariable,
    result: 'bool' | 'any',
  ): string | undefined
  /** Whether an expression without a fault selects a field of the variable `claims`. */
  selectsClaim(expression: string, claim: string): boolean
}

/** The claims of the token, or the user that they became. */
export type ExpressionVariable = 'claims' | 'user'
