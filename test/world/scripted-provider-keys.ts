import { createHash, randomBytes } from 'node:crypto'
import {
  type CompactJWSHeaderParameters,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'

/** The signing key of the scripted provider (RS256). */
export interface ScriptedKeys {
  /** Signs ID tokens. */
  readonly privateKey: CryptoKey
  /** Stands in the key set, with `kid`, `alg` and `use`. */
  readonly publicJwk: JWK
  /** Header of an honest ID token. */
  readonly header: CompactJWSHeaderParameters
}

/** Makes a signing key. */
export async function createScriptedKeys(): Promise<ScriptedKeys> {
  const alg = 'RS256'
  const kid = randomBytes(8).toString('hex')
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return {
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    header: { alg, kid, typ: 'JWT' },
  }
}

/** Signs an ID token as a good provider does. */
export async function signHonestly(
  claims: JWTPayload,
  header: CompactJWSHeaderParameters,
  keys: ScriptedKeys,
): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader(header).sign(keys.privateKey)
}

/** `at_hash` of an access token for ID tokens signed with SHA-256 (OpenID Connect Core §3.1.3.6). */
export function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
}
