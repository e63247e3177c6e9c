/** What a header template of Ambassador is, as a claim mapping. */
export interface ClaimTemplate {
  readonly claim: string
  readonly prefix: string
}

/**
 * Reads `{{ .token.Claims.sub }}`, with text before it: the prefix.
 *
 * @returns undefined for anything else: it must be written as an expression by hand
 */
export function readTemplate(template: string): ClaimTemplate | undefined {
  const [, prefix, field, quoted] =
    /^([^{}]*)\{\{-?\s*(?:\.token\.Claims\.([A-Za-z0-9_]+)|index\s+\.token\.Claims\s+"([^"\\]+)")\s*-?\}\}$/.exec(
      template,
    ) ?? []
  const claim = field ?? quoted
  return claim === undefined || prefix === undefined ? undefined : { claim, prefix }
}
