import { OidcLoginError } from '../../errors.ts'
import type { Session } from '../../session/index.ts'
import {
  type ApiServerTrust,
  type ApiUser,
  apiUserOf,
  authenticationConfiguration,
  type Claims,
  claimsIn,
  distributionNotes,
  groupsIn,
  type IdentityMapping,
  oidcFlags,
  shellWord,
} from '../../setup/index.ts'
import type { System } from '../../system/index.ts'
import { connectionSettings } from '../connection-settings.ts'
import type { OptionValues } from '../given-options.ts'

/**
 * Which tokens the API server is to accept: those like the one that was just issued.
 *
 * @throws OidcLoginError `usage_invalid` when no API server could accept them
 */
export function apiServerTrust(
  system: System,
  options: OptionValues,
  session: Session,
): ApiServerTrust {
  const { issuer, clientId } = session.identity
  if (!issuer.startsWith('https://')) {
    throw invalid(
      `An API server accepts no tokens of ${issuer}: it is not https.`,
      'Let the provider speak https.',
    )
  }
  const claims = claimsOf(session)
  const audiences = [claims.aud].flat().filter((one): one is string => typeof one === 'string')
  if (audiences.length === 0) {
    throw invalid(
      'The token has no audience, so an API server does not accept it.',
      'Let the provider add the client id to the claim "aud" of the token.',
    )
  }
  const mapping = mappingOf(options, claims)
  // Whoever could not be named would only find out at the API server.
  apiUserOf(mapping, claims)
  return {
    issuer,
    audiences: audiences.includes(clientId) ? [clientId] : audiences,
    certificateAuthorities: connectionSettings(system, options).certificateAuthorities,
    mapping,
  }
}

/** Prints the configuration to stdout, and to stderr what is done with it. */
export function printApiServer(system: System, trust: ApiServerTrust): void {
  system.terminal.stdout(authenticationConfiguration(trust))
  system.terminal.stderr(distributionNotes)
  system.terminal.stderr(
    `\nBefore Kubernetes 1.30, these flags do the same; they and --authentication-config exclude each other:\n${oidcFlags(
      trust,
    )
      .map((flag) => `  ${shellWord(flag)}\n`)
      .join('')}`,
  )
}

/**
 * Who the signed-in user is to an API server with the configuration that `--apiserver` prints.
 *
 * @throws OidcLoginError `usage_invalid`
 */
export function userOf(options: OptionValues, session: Session): ApiUser {
  const claims = claimsOf(session)
  return apiUserOf(mappingOf(options, claims), claims)
}

function claimsOf({ token }: Session): Claims {
  const claims = claimsIn(token)
  if (claims !== undefined) return claims
  throw invalid(
    'The access token is no JWT, so an API server cannot read it.',
    'Leave --oidc-use-access-token out, or let the provider issue JWTs as access tokens.',
  )
}

function mappingOf(options: OptionValues, claims: Claims): IdentityMapping {
  const groups = options.text('oidc-groups-claim') ?? 'groups'
  return {
    username: {
      claim: options.text('oidc-username-claim') ?? 'sub',
      prefix: prefixOf(options, 'oidc-username-prefix'),
    },
    groups:
      groupsIn(claims[groups]).length > 0
        ? { claim: groups, prefix: prefixOf(options, 'oidc-groups-prefix') }
        : undefined,
  }
}

/** kube-apiserver writes no prefix as "-", too. */
function prefixOf(options: OptionValues, name: string): string {
  const prefix = options.text(name) ?? '-'
  return prefix === '-' ? '' : prefix
}

function invalid(message: string, hint: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', message, { hint })
}
