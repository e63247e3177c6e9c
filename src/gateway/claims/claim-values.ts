import type { Json, JsonObject } from '../json/index.ts'
import { isBare } from './bare-lists.ts'
import { Refused } from './refused.ts'

/**
 * A claim that must be text (rule C15).
 *
 * @param what what it becomes, for the message
 * @throws Refused when it is absent or anything else
 */
export function textClaim(claims: JsonObject, name: string, what: string): string {
  const value = claims.get(name)
  if (typeof value === 'string') return value
  throw new Refused(
    value === undefined
      ? `The token lacks the claim for the ${what}.`
      : `The claim for the ${what} is not text.`,
  )
}

/**
 * A claim that may be text, a list of texts, `null` or absent. Empty texts are dropped, as
 * kube-apiserver does in expressions.
 *
 * @throws Refused when it is anything else: nothing of it is skipped (rule C15); or when the token says
 *   that another server has it: a user without groups would be told the wrong thing (rules A14, C28)
 */
export function textsClaim(claims: JsonObject, name: string, what: string): readonly string[] {
  const value: Json | undefined = claims.get(name)
  if (value === undefined) {
    const names = claims.get('_claim_names')
    if (names instanceof Map && names.has(name)) {
      throw new Refused(`The ${what} are kept elsewhere, where the gateway does not look.`)
    }
    return []
  }
  return textsIn(value, `The claim for the ${what} is neither text nor a list of texts.`)
}

/**
 * The texts in a value: text, a list of texts, or `null`; empty ones are dropped.
 *
 * @throws Refused with the given message
 */
export function textsIn(value: unknown, message: string): readonly string[] {
  if (value === null) return []
  if (isBare(value)) throw new Refused(`${message} Add .map(x, x) to split or findAll.`)
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items
    .map((item) => {
      if (typeof item === 'string') return item
      throw new Refused(message)
    })
    .filter((item) => item !== '')
}
