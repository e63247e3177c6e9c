import type { Finding } from './check.ts'
import { algorithmOf, audiencesIn, type Claims, claimsOf, shown } from './claims.ts'

/** Claims that an API server looks at, or that it can make a user of. */
const telling = [
  'iss',
  'aud',
  'azp',
  'exp',
  'sub',
  'preferred_username',
  'email',
  'email_verified',
  'upn',
  'groups',
  'roles',
]

/**
 * Says what an API server that refuses a token would have to be configured for to accept it: the
 * claims that matter, and the flags of kube-apiserver.
 *
 * @param hasPrivateAuthority whether the provider's certificate is one of a private authority
 */
export function explainRefusal(
  token: string,
  hasPrivateAuthority: boolean,
): Pick<Finding, 'remedy' | 'details'> {
  const claims = claimsOf(token)
  if (claims === undefined) {
    return {
      remedy:
        'The token is opaque; an API server only verifies JWTs. Take the ID token: remove --oidc-use-access-token.',
    }
  }
  return {
    remedy: [...objections(claims), 'The API server needs the flags below']
      .join(' ')
      .concat(
        ' (or the same as AuthenticationConfiguration: kubectl oidc-login setup --apiserver); its log says why it refuses.',
      ),
    details: [
      'The token says:',
      ...telling.flatMap((name) =>
        claims[name] === undefined ? [] : [`  ${name}: ${claimValue(name, claims[name])}`],
      ),
      'kube-apiserver needs:',
      ...flagsFor(claims, algorithmOf(token), hasPrivateAuthority).map((flag) => `  ${flag}`),
    ],
  }
}

function claimValue(name: string, value: unknown): string {
  if (name !== 'exp' || typeof value !== 'number') return shown(value)
  const moment = new Date(value * 1000)
  return Number.isNaN(moment.getTime()) ? shown(value) : `${value} (${moment.toISOString()})`
}

/** What no API server accepts, however it is configured. */
function objections(claims: Claims): string[] {
  const isSecure = typeof claims.iss === 'string' && claims.iss.startsWith('https://')
  return isSecure ? [] : ['Its issuer is no https URL, which no API server accepts.']
}

function flagsFor(
  claims: Claims,
  algorithm: string | undefined,
  hasPrivateAuthority: boolean,
): string[] {
  const username = usernameClaim(claims)
  const [audience = 'none'] = audiencesIn(claims)
  return [
    `--oidc-issuer-url=${shown(claims.iss)}`,
    `--oidc-client-id=${shown(audience)}`,
    `--oidc-username-claim=${username}`,
    // An API server takes an address only when it is verified, and puts the issuer before other names.
    ...(username === 'email' ? [] : ['--oidc-username-prefix=-']),
    ...(claims.groups === undefined ? [] : ['--oidc-groups-claim=groups']),
    ...(algorithm === undefined || algorithm === 'RS256'
      ? []
      : [`--oidc-signing-algs=${shown(algorithm)}`]),
    ...(hasPrivateAuthority ? ['--oidc-ca-file=FILE'] : []),
  ]
}

function usernameClaim(claims: Claims): string {
  if (typeof claims.preferred_username === 'string') return 'preferred_username'
  return typeof claims.email === 'string' && claims.email_verified === true ? 'email' : 'sub'
}
