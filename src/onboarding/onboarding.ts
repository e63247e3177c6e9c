/**
 * What a person needs to use a cluster, as its gateway tells it to anybody who asks: nothing of it is
 * secret. The format is documented in `docs/onboarding.md`.
 */
export interface Onboarding {
  /** A name for the cluster: letters, digits, `.`, `-` and `_`, at most 63 characters. */
  readonly clusterName: string
  /** Address of the API server, `https://host[:port]`; also where the document itself is served. */
  readonly server: string
  /** PEM of the authorities of that server's certificate; undefined when it is publicly trusted. */
  readonly certificateAuthority: string | undefined
  /** Issuer URL of the provider, https, exactly as in the claim `iss`. */
  readonly issuer: string
  /** OAuth client id; the client is a public one. */
  readonly clientId: string
  /** Scopes to ask for beside `openid`. */
  readonly scopes: readonly string[]
}

/** Where a server keeps the document (RFC 8615). */
export const onboardingPath = '/.well-known/oidc-login'

/** The longest document that is read, in bytes. */
export const longestOnboardingBytes: number = 64 * 1024
