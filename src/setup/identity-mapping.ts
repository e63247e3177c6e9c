import { OidcLoginError } from '../errors.ts'
import { printable } from '../printable.ts'
import type { Claims } from './claims.ts'

/** A claim, and what the API server puts before its value. */
export interface PrefixedClaim {
  readonly claim: string
  readonly prefix: string
}

/** How the API server makes a user of a token. */
export interface IdentityMapping {
  readonly username: PrefixedClaim
  /** Undefined when tokens have no groups. */
  readonly groups: PrefixedClaim | undefined
}

/** Somebody, as RBAC knows them. */
export interface ApiUser {
  readonly username: string
  readonly groups: readonly string[]
}

/**
 * Whom an API server with this mapping sees in a token (k8s.io/apiserver, plugin `oidc`).
 *
 * @throws OidcLoginError `usage_invalid` when the token lacks the claim of the name, or holds an e-mail
 *   address that is not verified
 */
export function apiUserOf({ username, groups }: IdentityMapping, claims: Claims): ApiUser {
  const name = claims[username.claim]
  if (typeof name !== 'string' || name === '') {
    const texts = Object.keys(claims).filter((claim) => typeof claims[claim] === 'string')
    throw new OidcLoginError(
      'usage_invalid',
      `The token has no text in the claim "${username.claim}", so the API server would have no name for you.`,
      {
        hint: `Give another one with --oidc-username-claim; these hold texts: ${printable(texts.join(', '), 500)}.`,
      },
    )
  }
  const { email_verified: isVerified = true } = claims
  if (username.claim === 'email' && isVerified !== true) {
    throw new OidcLoginError(
      'usage_invalid',
      'The token says that your e-mail address is not verified, so the API server would refuse you.',
      { hint: 'Let the provider verify it, or give another claim with --oidc-username-claim.' },
    )
  }
  return {
    username: username.prefix + name,
    groups:
      groups === undefined
        ? []
        : groupsIn(claims[groups.claim]).map((group) => groups.prefix + group),
  }
}

/** The groups of a claim: one text, or a list of them. */
export function groupsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return Array.isArray(value)
    ? value.filter((group): group is string => typeof group === 'string')
    : []
}
