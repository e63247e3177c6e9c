import { createHash, type webcrypto } from 'node:crypto'
import {
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  genericGrantRequest,
  None,
  setJwksCache,
} from 'openid-client'
import type { ProviderSystem } from './discover.ts'
import { verifiedTokens } from './verify.ts'

const issuer = 'https://rehearsal.invalid'
const clientId = 'rehearsal'
const accessToken = 'rehearsal'

/**
 * Exchanges a code for tokens and verifies them, at a provider that exists in this function only, with a key that
 * is thrown away. Nothing goes over the network, and nothing of the result is used: what runs here for the first
 * time does not have to when a person waits for it. Never throws.
 */
export async function rehearseRedemption(system: Pick<ProviderSystem, 'clock'>): Promise<void> {
  try {
    const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, [
      'sign',
      'verify',
    ])
    const server = { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` }
    const configuration = new Configuration(
      { ...server, id_token_signing_alg_values_supported: ['ES256'] },
      clientId,
      { id_token_signed_response_alg: 'ES256' },
      None(),
    )
    enableNonRepudiationChecks(configuration)
    const key = { ...(await crypto.subtle.exportKey('jwk', publicKey)), alg: 'ES256', use: 'sig' }
    setJwksCache(configuration, { jwks: { keys: [key] }, uat: nowSec() })
    const answer = {
      access_token: accessToken,
      token_type: 'Bearer',
      id_token: await idToken(privateKey),
    }
    configuration[customFetch] = async () => Response.json(answer)
    const form = new URLSearchParams({ code: 'rehearsal' })
    const response = await genericGrantRequest(configuration, 'authorization_code', form)
    verifiedTokens(system, response)
  } catch {
    // The real tokens come all the same.
  }
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }

async function idToken(key: webcrypto.CryptoKey): Promise<string> {
  const iat = nowSec()
  const atHash = createHash('sha256').update(accessToken).digest().subarray(0, 16)
  const claims = {
    iss: issuer,
    aud: clientId,
    sub: 'rehearsal',
    iat,
    exp: iat + 60,
    at_hash: atHash.toString('base64url'),
  }
  const signed = `${encode({ alg: 'ES256' })}.${encode(claims)}`
  const how = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(how, key, Buffer.from(signed))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function nowSec(): number {
  return Math.floor(Date.now() / 1000)
}
