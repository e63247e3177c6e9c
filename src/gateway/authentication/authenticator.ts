import type { Identity } from '../identity/index.ts'
import type { Refusal } from '../request/index.ts'

/** What a bearer token turned out to be. */
export type Verdict =
  | { readonly kind: 'authenticated'; readonly identity: Identity }
  /**
   * A ServiceAccount token of the cluster itself, where the configuration lets those pass: it is
   * forwarded as it is, on a connection that holds no credential of ours.
   */
  | { readonly kind: 'service-account' }
  | Refusal

/** Decides who bears a token. */
export interface Authenticator {
  /**
   * Verifies a token as kube-apiserver does with the same AuthenticationConfiguration. It never
   * throws for a bad token; a failure is always a {@link Refusal}.
   *
   * @param token the bearer token, without the scheme
   */
  authenticate(token: string): Promise<Verdict>
  /** The issuers and whether keys of each were ever loaded; readiness and metrics ask. */
  issuers(): readonly IssuerState[]
  /** Stops refreshing keys. */
  close(): void
}

/** What is known of a provider's keys. */
export interface IssuerState {
  readonly issuer: string
  /** When keys were last loaded, in milliseconds since the epoch; undefined before the first time. */
  readonly keysLoadedAt: number | undefined
  /** Whether the last attempt to load them failed. */
  readonly isFailing: boolean
}
