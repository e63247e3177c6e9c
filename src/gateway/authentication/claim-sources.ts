import type { Json, JsonObject } from '../json/index.ts'
import { type Refusal, refuse } from '../request/index.ts'

/**
 * Checks the claims that say where other claims are to be had (OpenID Connect Core §5.6.2). They are
 * never followed (rule C28); a token in which they make no sense is refused, as kube-apiserver does.
 */
export function faultOfSources(claims: JsonObject): Refusal | undefined {
  const names = objectIn(claims.get('_claim_names'))
  const sources = objectIn(claims.get('_claim_sources'))
  const isSound =
    names !== undefined &&
    sources !== undefined &&
    [...sources.values()].every(isSource) &&
    [...names.values()].every(
      (name) => typeof name === 'string' && name !== '' && sources.has(name),
    )
  if (isSound) return undefined
  return refuse(401, 'token_malformed', 'The sources of claims in the token make no sense.')
}

/** An object; empty when there is nothing. */
function objectIn(value: Json | undefined): JsonObject | undefined {
  const object = value ?? new Map<string, Json>()
  return object instanceof Map ? object : undefined
}

function isSource(source: Json): boolean {
  const fields = objectIn(source)
  return (
    fields !== undefined &&
    ['endpoint', 'access_token'].every((name) => typeof (fields.get(name) ?? '') === 'string')
  )
}
