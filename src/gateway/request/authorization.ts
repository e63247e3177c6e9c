import type { Refusal } from './refusal.ts'
import { malformed, refuse } from './refuse.ts'

/** A bearer token as it was found; undefined when the client shows none. */
export interface Bearer {
  readonly kind: 'bearer'
  readonly token: string | undefined
}

/**
 * Reads the bearer token of `Authorization` (RFC 6750 §2.1): one line, one space, one token. Whatever
 * two readers could read differently is refused (rules B1, B2).
 *
 * @param values of all `Authorization` lines
 */
export function bearerToken(values: readonly string[]): Bearer | Refusal {
  const [line, second] = values
  if (line === undefined) return { kind: 'bearer', token: undefined }
  if (second !== undefined) return malformed('The request has two Authorization lines.')
  const token = /^bearer ([-\w.~+/]+=*)$/i.exec(line)?.[1]
  if (token === undefined) {
    return refuse(401, 'credential_malformed', 'The Authorization line holds no bearer token.')
  }
  return { kind: 'bearer', token }
}
