import { createPrivateKey, type KeyObject, webcrypto } from 'node:crypto'

/** A private key that a client proves itself with (`private_key_jwt`). */
export interface ClientKey {
  /** The key. */
  readonly privateKey: KeyObject
  /** Its id at the provider, for the header `kid`. */
  readonly keyId?: string | undefined
  /** The algorithm that it is meant for, when it says so (JWK `alg`). */
  readonly algorithm?: string | undefined
}

/**
 * Reads a private key: PEM (PKCS #8, PKCS #1, SEC 1) or one JWK (RFC 7517).
 *
 * @returns undefined when the text is neither, is encrypted, or holds a key that cannot sign
 */
export function parseClientKey(text: string): ClientKey | undefined {
  try {
    const jwk = text.trimStart().startsWith('{') ? parseObject(text) : undefined
    const privateKey =
      jwk === undefined ? createPrivateKey(text) : createPrivateKey({ key: jwk, format: 'jwk' })
    if (algorithmsOf(privateKey).length === 0) return undefined
    return { privateKey, keyId: textOf(jwk?.kid), algorithm: textOf(jwk?.alg) }
  } catch {
    // The reasons that OpenSSL gives quote parts of the key.
    return undefined
  }
}

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  return Object(value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A key in the form that openid-client signs with. */
export interface SigningKey {
  readonly key: webcrypto.CryptoKey
  readonly kid?: string
}

/**
 * Prepares a key for an algorithm that the provider accepts.
 *
 * @param accepted `token_endpoint_auth_signing_alg_values_supported`, when the provider has it
 */
export async function signingKey(
  { privateKey, keyId, algorithm }: ClientKey,
  accepted: readonly string[] | undefined,
): Promise<SigningKey> {
  const possible = algorithmsOf(privateKey)
  const wanted = [algorithm, ...(accepted ?? [])]
  const chosen = wanted.find((name) => name !== undefined && possible.includes(name)) ?? possible[0]
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  const parameters = importParameters(chosen ?? '')
  const key = await webcrypto.subtle.importKey('pkcs8', der, parameters, false, ['sign'])
  return { key, ...(keyId === undefined ? {} : { kid: keyId }) }
}

/** The algorithms of RFC 7518 §3.1 and RFC 8037 that a key can sign with; the usual one first. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly string[] {
  if (asymmetricKeyType === 'rsa') return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
  if (asymmetricKeyType === 'ed25519') return ['EdDSA', 'Ed25519']
  const name = ecAlgorithms[asymmetricKeyDetails?.namedCurve ?? '']
  return asymmetricKeyType === 'ec' && name ? [name] : []
}

const ecAlgorithms: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}

function importParameters(algorithm: string): webcrypto.RsaHashedImportParams | EcOrEd {
  const hash = `SHA-${algorithm.slice(2)}`
  if (algorithm.startsWith('RS')) return { name: 'RSASSA-PKCS1-v1_5', hash }
  if (algorithm.startsWith('PS')) return { name: 'RSA-PSS', hash }
  if (algorithm.startsWith('ES')) {
    const bits = algorithm === 'ES512' ? '521' : algorithm.slice(2)
    return { name: 'ECDSA', namedCurve: `P-${bits}` }
  }
  return { name: 'Ed25519' }
}

type EcOrEd = webcrypto.EcKeyImportParams | { readonly name: 'Ed25519' }
