import { type CryptoKey, importJWK } from 'jose'
import type { Json, JsonObject } from '../json/index.ts'

/** A public key of a provider. */
export interface VerificationKey {
  readonly keyId: string | undefined
  /** The only algorithm that it is for, when the provider says so. */
  readonly algorithm: string | undefined
  /** `RSA`, `P-256`, `P-384` or `P-521`. */
  readonly kind: string
  /** Identifies the key with all that was said of it. */
  readonly thumbprint: string
  /**
   * The key for one algorithm. It is imported once.
   *
   * @throws when it is not a key at all
   */
  forAlgorithm(algorithm: string): Promise<CryptoKey>
}

/** What a token says of its key. */
export interface WantedKey {
  readonly algorithm: string
  readonly keyId: string | undefined
}

/** No provider publishes more; the rest of a longer list is not looked at. */
const mostKeys = 200

/**
 * Reads a JWK set (RFC 7517). What is not a public key for signatures is left out: symmetric keys,
 * keys for encryption, unknown curves (rules C2, C3).
 *
 * @returns undefined when it is none, or has no usable key: then the keys that are known stay
 *   (rule C25)
 */
export function readKeySet(document: Json | undefined): readonly VerificationKey[] | undefined {
  const list = document instanceof Map ? document.get('keys') : undefined
  if (!Array.isArray(list)) return undefined
  const keys = list.slice(0, mostKeys).flatMap((entry: Json) => {
    const key = entry instanceof Map ? readKey(entry) : undefined
    return key ? [key] : []
  })
  return keys.length > 0 ? keys : undefined
}

/** The keys that may verify a token: by `kid`, kind of key and algorithm (rules C3, C4). */
export function candidates(
  keys: readonly VerificationKey[],
  { algorithm, keyId }: WantedKey,
): readonly VerificationKey[] {
  const fitting = keys.filter(
    (key) =>
      key.kind === kindFor(algorithm) &&
      (key.algorithm === undefined || key.algorithm === algorithm),
  )
  if (keyId !== undefined) return fitting.filter((key) => key.keyId === keyId)
  // Without a kid there must be no doubt which key is meant (rule C27).
  return fitting.length === 1 ? fitting : []
}

function kindFor(algorithm: string): string | undefined {
  if (/^(RS|PS)/.test(algorithm)) return 'RSA'
  return curves.get(algorithm)
}

const curves = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
])

function readKey(entry: JsonObject): VerificationKey | undefined {
  const use = entry.get('use')
  const operations = entry.get('key_ops')
  if (use !== undefined && use !== 'sig') return undefined
  if (operations !== undefined && !includes(operations, 'verify')) return undefined
  const material = materialOf(entry)
  if (!material) return undefined
  const imported = new Map<string, Promise<CryptoKey>>()
  return {
    keyId: textOf(entry, 'kid'),
    algorithm: textOf(entry, 'alg'),
    kind: material.kty === 'RSA' ? 'RSA' : material.crv,
    thumbprint: JSON.stringify([textOf(entry, 'kid'), textOf(entry, 'alg'), material]),
    forAlgorithm(algorithm) {
      const known = imported.get(algorithm)
      if (known) return known
      const fresh = importPublicKey(material, algorithm)
      imported.set(algorithm, fresh)
      return fresh
    },
  }
}

type Material =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: string; readonly x: string; readonly y: string }

/** Only the public numbers are taken: a provider that publishes its private key does not make it ours. */
function materialOf(entry: JsonObject): Material | undefined {
  const [n, e, crv, x, y] = ['n', 'e', 'crv', 'x', 'y'].map((name) => textOf(entry, name))
  switch (entry.get('kty')) {
    case 'RSA':
      return n !== undefined && e !== undefined ? { kty: 'RSA', n, e } : undefined
    case 'EC': {
      const isComplete = crv !== undefined && x !== undefined && y !== undefined
      return isComplete && [...curves.values()].includes(crv) ? { kty: 'EC', crv, x, y } : undefined
    }
    default:
      return undefined
  }
}

async function importPublicKey(material: Material, algorithm: string): Promise<CryptoKey> {
  const key = await importJWK({ ...material }, algorithm)
  if (key instanceof Uint8Array) throw new Error('the key is symmetric')
  return key
}

function textOf(entry: JsonObject, name: string): string | undefined {
  const value = entry.get(name)
  return typeof value === 'string' ? value : undefined
}

function includes(list: Json, item: string): boolean {
  return Array.isArray(list) && list.includes(item)
}
