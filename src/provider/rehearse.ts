import {
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  genericGrantRequest,
  None,
  setJwksCache,
} from 'openid-client'
import type { ProviderSystem } from './discover.ts'
import {
  rehearsedClientId,
  rehearsedIssuer,
  rehearsedKey,
  rehearsedTokens,
} from './rehearsed-token.ts'
import { verifiedTokens } from './verify.ts'

/**
 * Exchanges a code for tokens and verifies them, at a provider that exists in this function only. Nothing goes over the
 * network, and nothing of the result is used: what runs here for the first time does not have to when a person waits
 * for it. Never throws.
 */
export async function rehearseRedemption(system: Pick<ProviderSystem, 'clock'>): Promise<void> {
  try {
    const configuration = new Configuration(
      {
        issuer: rehearsedIssuer,
        token_endpoint: `${rehearsedIssuer}/token`,
        jwks_uri: `${rehearsedIssuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      },
      rehearsedClientId,
      { id_token_signed_response_alg: 'RS256' },
      None(),
    )
    enableNonRepudiationChecks(configuration)
    setJwksCache(configuration, { jwks: { keys: [rehearsedKey] }, uat: nowSec() })
    configuration[customFetch] = async () => Response.json(rehearsedTokens)
    const form = new URLSearchParams({ code: 'rehearsal' })
    const response = await genericGrantRequest(configuration, 'authorization_code', form)
    verifiedTokens(system, response)
  } catch {
    // The real tokens come all the same.
  }
}

function nowSec(): number {
  return Math.floor(Date.now() / 1000)
}
