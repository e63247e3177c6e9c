/** What a TokenReview (`authentication.k8s.io/v1`) says of a token. */
export type TokenReviewOutcome = 'authenticated' | 'refused'

/**
 * Reads the answer to a TokenReview. An answer alone is no proof: `authenticated` must be exactly
 * `true`, there must be no error, and where audiences were asked for, one of them must come back
 * (rule B3; capsule-proxy forgot the first, CVE-2023-48312).
 *
 * @param answer the body of the answer, parsed as JSON
 * @param audiences that were asked for; empty when none were
 */
export function readTokenReview(answer: unknown, audiences: readonly string[]): TokenReviewOutcome {
  const status = fieldOf(answer, 'status')
  const error = fieldOf(status, 'error')
  if (fieldOf(status, 'authenticated') !== true) return 'refused'
  if (error !== undefined && error !== '') return 'refused'
  if (audiences.length === 0) return 'authenticated'
  const confirmed = fieldOf(status, 'audiences')
  const isForUs =
    Array.isArray(confirmed) && audiences.some((audience) => confirmed.includes(audience))
  return isForUs ? 'authenticated' : 'refused'
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}
