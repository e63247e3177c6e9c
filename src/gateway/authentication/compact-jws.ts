import { type Json, type JsonObject, parseStrictJson } from '../json/index.ts'

/** A token taken apart. Nothing of it is verified yet. */
export interface CompactJws {
  readonly algorithm: string
  /** The header `kid`; undefined without one. */
  readonly keyId: string | undefined
  /** The header `typ`; undefined without one. */
  readonly type: string | undefined
  readonly claims: JsonObject
}

/**
 * Takes a compact JWS apart (RFC 7515 §3.1): three parts in canonical base64url, two of them strict JSON
 * objects. Everything else that carries a token somewhere is refused: JWE, JSON serialisations, detached
 * or unencoded payloads, critical extensions (rules C5, C7, C19). What the header says about keys is
 * never believed: addresses (`jku`, `x5u`) are not read, and a token that brings a key (`jwk`, `x5c`) is
 * refused (rule C6).
 *
 * @returns undefined when it is not one
 */
export function parseCompactJws(token: string): CompactJws | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  const [head, body, signature] = parts.map(decode)
  if (head === undefined || body === undefined || !signature || signature.length === 0) {
    return undefined
  }
  const header = objectIn(head)
  const claims = objectIn(body)
  if (!header || !claims || refusedFields.some((name) => header.has(name))) return undefined
  const algorithm = header.get('alg')
  const keyId = header.get('kid')
  const type = header.get('typ')
  if (typeof algorithm !== 'string' || !isOptionalText(header.get('nonce'))) return undefined
  if (!isOptionalText(keyId) || !isOptionalText(type)) return undefined
  return { algorithm, keyId, type, claims }
}

/** Fields of a header that change what a signature means, or bring a key. */
const refusedFields = ['crit', 'b64', 'jwk', 'x5c']

function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function objectIn(bytes: Buffer): JsonObject | undefined {
  try {
    const value = parseStrictJson(utf8.decode(bytes))
    return value instanceof Map ? value : undefined
  } catch {
    return undefined
  }
}

function isOptionalText(value: Json | undefined): value is string | undefined {
  return value === undefined || typeof value === 'string'
}
