import {
  Configuration,
  clockSkew,
  customFetch,
  enableNonRepudiationChecks,
  genericGrantRequest,
  None,
  setJwksCache,
} from 'openid-client'
import {
  rehearsedAtSec,
  rehearsedClientId,
  rehearsedIssuer,
  rehearsedKey,
  rehearsedTokens,
} from './rehearsed-token.ts'
import type { TokenSet } from './tokens.ts'
import { verifiedTokens } from './verify.ts'

/**
 * Exchanges a code for tokens and verifies them, at a provider that exists in this function only, and at the time when its
 * tokens were good. Nothing goes over the network: what runs here for the first time does not have to when a person waits
 * for it. Never throws.
 *
 * @param use what is done with tokens; these are of no use to anybody
 */
export async function rehearseRedemption(use: (tokens: TokenSet) => unknown): Promise<void> {
  try {
    const configuration = new Configuration(
      {
        issuer: rehearsedIssuer,
        token_endpoint: `${rehearsedIssuer}/token`,
        jwks_uri: `${rehearsedIssuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      },
      rehearsedClientId,
      { id_token_signed_response_alg: 'RS256', [clockSkew]: rehearsedAtSec - nowSec() },
      None(),
    )
    enableNonRepudiationChecks(configuration)
    setJwksCache(configuration, { jwks: { keys: [rehearsedKey] }, uat: nowSec() })
    configuration[customFetch] = async () => Response.json(rehearsedTokens)
    const form = new URLSearchParams({ code: 'rehearsal' })
    const response = await genericGrantRequest(configuration, 'authorization_code', form)
    const clock = { now: () => rehearsedAtSec * 1000 }
    use(verifiedTokens({ clock }, response))
  } catch {
    // The real tokens come all the same.
  }
}

function nowSec(): number {
  return Math.floor(Date.now() / 1000)
}
