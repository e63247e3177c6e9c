import { compactVerify } from 'jose'
import type { VerificationKey } from './key-set.ts'

/** Keys with the same `kid`: more than a few are an attack on our time. */
const mostAttempts = 4

/**
 * Whether one of the keys made the signature of a compact JWS. The work is done outside the event loop
 * (WebCrypto).
 */
export async function isSignedByOneOf(
  token: string,
  algorithm: string,
  keys: readonly VerificationKey[],
): Promise<boolean> {
  for (const key of keys.slice(0, mostAttempts)) {
    if (await isSignedBy(token, algorithm, key)) return true
  }
  return false
}

async function isSignedBy(
  token: string,
  algorithm: string,
  key: VerificationKey,
): Promise<boolean> {
  try {
    await compactVerify(token, await key.forAlgorithm(algorithm), { algorithms: [algorithm] })
    return true
  } catch {
    // A wrong signature, or a key that is none: neither lets the token in.
    return false
  }
}
