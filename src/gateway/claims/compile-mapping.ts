import type { ClaimMappings, JwtAuthenticator } from '../config/index.ts'
import type { UserInfo } from '../identity/index.ts'
import type { JsonObject } from '../json/index.ts'
import { textClaim, textsClaim, textsIn } from './claim-values.ts'
import { compileClaimRules, compileUserRules } from './compile-rules.ts'
import { Refused } from './refused.ts'
import { evaluate, required } from './required-expression.ts'

/** What became of the claims of a verified token. */
export type MappedIdentity =
  | { readonly kind: 'user'; readonly user: UserInfo }
  | {
      readonly kind: 'refused'
      /** Whether a claim, or the user that the claims made, was not accepted. */
      readonly reason: 'claims_refused' | 'user_refused'
      /** A sentence for the client; it quotes no claim. */
      readonly message: string
    }

/** Turns the claims of a verified token into a user. It never throws. */
export type IdentityMapping = (claims: JsonObject) => MappedIdentity

/** The extra attribute in which kube-apiserver keeps the claim `jti`. */
const credentialIdKey = 'authentication.kubernetes.io/credential-id'

/**
 * Compiles the claim mappings and the validation rules of one provider. The steps, their order and
 * what they refuse are those of kube-apiserver (k8s.io/apiserver plugin/pkg/authenticator/token/oidc);
 * what is refused beyond that is listed in `authentication/stricter.ts`.
 *
 * @throws OidcLoginError `configuration_invalid` for an expression that does not compile; the decoder
 *   of the configuration reports it before, with its line
 */
export function compileMapping(authenticator: JwtAuthenticator): IdentityMapping {
  const mappings = compileMappings(authenticator.claimMappings)
  const claimRules = compileClaimRules(authenticator.claimValidationRules)
  const checkUser = compileUserRules(authenticator.userValidationRules)
  return (claims) => {
    try {
      const user = mappings(claims)
      for (const rule of claimRules) rule(claims)
      checkUser(user)
      return { kind: 'user', user }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { kind: 'refused', reason: error.reason, message: error.message }
    }
  }
}

/** A step that reads the claims. */
type Reader<T> = (claims: JsonObject) => T

function compileMappings(mappings: ClaimMappings): Reader<UserInfo> {
  const username = compileUsername(mappings.username)
  const groups = compileGroups(mappings.groups)
  const uid = compileUid(mappings.uid)
  const extra = compileExtra(mappings.extra)
  return (claims) => ({
    username: username(claims),
    groups: groups(claims),
    uid: uid(claims),
    extra: extra(claims),
  })
}

function compileUsername(mapping: ClaimMappings['username']): Reader<string> {
  if (mapping.kind === 'expression') {
    const expression = required(mapping.expression, 'claims', 'any')
    return (claims) => {
      const value = evaluate(expression, { claims }, 'username')
      if (typeof value !== 'string') throw new Refused('The username is not text.')
      return named(value, value)
    }
  }
  const { claim, prefix } = mapping
  return (claims) => {
    const value = textClaim(claims, claim, 'username')
    if (claim === 'email') requireVerifiedEmail(claims)
    return named(value, prefix + value)
  }
}

/** A prefix alone is nobody's name, either (rule A7). */
function named(value: string, username: string): string {
  if (value.trim() === '') throw new Refused('The username is empty.')
  return username
}

/** An absent `email_verified` is accepted, as in kube-apiserver; anything but `true` is not (rule C17). */
function requireVerifiedEmail(claims: JsonObject): void {
  const verified = claims.get('email_verified')
  if (verified !== undefined && verified !== true) {
    throw new Refused('The e-mail address is not verified.')
  }
}

function compileGroups(mapping: ClaimMappings['groups']): Reader<readonly string[]> {
  if (mapping === undefined) return () => []
  if (mapping.kind === 'claim') {
    const { claim, prefix } = mapping
    return (claims) => textsClaim(claims, claim, 'groups').map((group) => prefix + group)
  }
  const expression = required(mapping.expression, 'claims', 'any')
  return (claims) => {
    const value = evaluate(expression, { claims }, 'groups')
    return textsIn(value, 'The groups are neither text nor a list of texts.')
  }
}

function compileUid(mapping: ClaimMappings['uid']): Reader<string> {
  if (mapping === undefined) return () => ''
  if (mapping.kind === 'claim') return (claims) => textClaim(claims, mapping.claim, 'uid')
  const expression = required(mapping.expression, 'claims', 'any')
  return (claims) => {
    const value = evaluate(expression, { claims }, 'uid')
    if (typeof value !== 'string') throw new Refused('The uid is not text.')
    return value
  }
}

function compileExtra(mappings: ClaimMappings['extra']): Reader<UserInfo['extra']> {
  const compiled = mappings.map(({ key, valueExpression }) => ({
    key,
    expression: required(valueExpression, 'claims', 'any'),
  }))
  return (claims) => {
    const extra = new Map<string, readonly string[]>()
    const tokenId = claims.get('jti')
    if (typeof tokenId === 'string' && tokenId !== '') {
      extra.set(credentialIdKey, [`JTI=${tokenId}`])
    }
    for (const { key, expression } of compiled) {
      const value = evaluate(expression, { claims }, 'extra attributes')
      const values = textsIn(value, 'An extra attribute is neither text nor a list of texts.')
      if (values.length > 0) extra.set(key, values)
    }
    return extra
  }
}
