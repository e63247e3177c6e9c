import type { JsonObject } from '../json/index.ts'
import { type Refusal, refuse } from '../request/index.ts'

/** Claims that kube-apiserver reads into fields of a Go structure (go-oidc, `idToken`). */
const standardClaims: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'nonce',
  'at_hash',
  '_claim_names',
  '_claim_sources',
])

/**
 * Go compares names of fields without case, so that to kube-apiserver `Exp` is an `exp`, and the last of
 * both counts. A token that two parsers would read differently is refused (rule C19).
 */
export function faultOfNames(claims: JsonObject): Refusal | undefined {
  const isClear = [...claims.keys()].every(
    (name) => standardClaims.has(name) || !standardClaims.has(folded(name)),
  )
  if (isClear) return undefined
  return refuse(
    401,
    'token_malformed',
    'The name of a claim differs from that of a standard claim in its letters only.',
  )
}

/** Unicode's simple case folding, as far as it leads to ASCII: the long s is an `s`. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's')
}
