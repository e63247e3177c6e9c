import { type JWTPayload, jwtVerify } from 'jose'
import { remoteKeySet } from './key-set.ts'
import { authenticatedUser, type UserInfo } from './user.ts'

/** The provider whose ID tokens the API server accepts: its `--oidc-*` flags. */
export interface OidcTrust {
  /** URL of the provider, exactly as in the `iss` claim. */
  readonly issuer: string
  /** PEM of the certificate authority that vouches for the provider. */
  readonly certificateAuthorityPem: string
  /** Audience that a token must be meant for. */
  readonly clientId: string
  /** Claim that holds the name of the user; `preferred_username` by default. */
  readonly usernameClaim?: string
  /** Claim that holds the groups of the user; `groups` by default. */
  readonly groupsClaim?: string
}

/** The algorithms that `--oidc-signing-algs` can name: never `none`, never a shared secret. */
const algorithms = ['RS', 'ES', 'PS'].flatMap((family) =>
  ['256', '384', '512'].map((size) => family + size),
)

/**
 * Makes the check of bearer tokens against a provider.
 *
 * @param now the time, in milliseconds since the epoch
 * @returns tells whose token it is (OpenID Connect Core §3.1.3.7); rejects with the reason, which
 *   does not quote the token, when it is not acceptable
 */
export function oidcAuthenticator(
  trust: OidcTrust,
  now: () => number,
): (token: string) => Promise<UserInfo> {
  const keys = remoteKeySet(trust.issuer, trust.certificateAuthorityPem)
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer: trust.issuer,
      audience: trust.clientId,
      algorithms,
      requiredClaims: ['exp'],
      currentDate: new Date(now()),
    })
    return userOf(payload, trust)
  }
}

function userOf(claims: JWTPayload, trust: OidcTrust): UserInfo {
  const { usernameClaim = 'preferred_username', groupsClaim = 'groups' } = trust
  const username = claims[usernameClaim]
  if (typeof username !== 'string' || username === '') {
    throw new Error(`the claim ${usernameClaim} is missing or is no text`)
  }
  if (usernameClaim === 'email' && claims.email_verified === false) {
    throw new Error('the e-mail address is not verified')
  }
  return authenticatedUser(username, groupsOf(claims[groupsClaim], groupsClaim))
}

function groupsOf(value: unknown, claim: string): readonly string[] {
  const groups = value === undefined ? [] : Array.isArray(value) ? value : [value]
  return groups.map((group: unknown) => {
    if (typeof group !== 'string') throw new Error(`the claim ${claim} holds more than text`)
    return group
  })
}
