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
  /** Whether an expression without a fault selects a field of the variable `claims`, as kube-apiserver sees it. */
  selectsClaim(expression: string, claim: string): boolean
  /** Whether it uses a claim in any way: whoever writes `claims["name"]` uses `name`. */
  usesClaim(expression: string, claim: string): boolean
  /** Whether it does something with `claims` as a whole: then it may use any claim. */
  usesAllClaims(expression: string): boolean
  /**
   * What an expression yields for a token, so that the linter can try it.
   *
   * @param known claims; undefined ones are absent. Other claims that the expression uses hold some text
   * @returns undefined when it cannot be evaluated
   */
  tryOut(expression: string, known: Readonly<Record<string, string | boolean | undefined>>): unknown
}

/** The claims of the token, or the user that they became. */
export type ExpressionVariable = 'claims' | 'user'
