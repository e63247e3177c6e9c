/**
 * A Kubernetes `AuthenticationConfiguration` after decoding and validation
 * (`apiserver.config.k8s.io/v1`; k8s.io/apiserver pkg/apis/apiserver/v1/types.go).
 */
export interface AuthenticationConfiguration {
  readonly jwt: readonly JwtAuthenticator[]
}

/** One provider and how its tokens become identities. */
export interface JwtAuthenticator {
  readonly issuer: Issuer
  readonly claimValidationRules: readonly ClaimValidationRule[]
  readonly claimMappings: ClaimMappings
  readonly userValidationRules: readonly UserValidationRule[]
}

/** Where a provider is found and which tokens of it are meant for this cluster. */
export interface Issuer {
  readonly url: string
  /** Where the discovery document is fetched, when not below `url`. */
  readonly discoveryURL: string | undefined
  /** PEM; undefined for the roots of the system. */
  readonly certificateAuthority: string | undefined
  readonly audiences: readonly string[]
}

/** A claim that must have a value, or an expression that must be true. */
export type ClaimValidationRule =
  | { readonly kind: 'claim'; readonly claim: string; readonly requiredValue: string }
  | { readonly kind: 'expression'; readonly expression: string; readonly message: string }

/** How claims become a user. */
export interface ClaimMappings {
  readonly username: PrefixedClaimOrExpression
  readonly groups: PrefixedClaimOrExpression | undefined
  readonly uid: ClaimOrExpression | undefined
  readonly extra: readonly ExtraMapping[]
}

/** A claim with a prefix, or a CEL expression over `claims`. */
export type PrefixedClaimOrExpression =
  | { readonly kind: 'claim'; readonly claim: string; readonly prefix: string }
  | { readonly kind: 'expression'; readonly expression: string }

/** A claim, or a CEL expression over `claims`. */
export type ClaimOrExpression =
  | { readonly kind: 'claim'; readonly claim: string }
  | { readonly kind: 'expression'; readonly expression: string }

/** An extra attribute. */
export interface ExtraMapping {
  /** `domain/path`, lower case. */
  readonly key: string
  readonly valueExpression: string
}

/** A CEL expression over `user` that must be true. */
export interface UserValidationRule {
  readonly expression: string
  readonly message: string
}
