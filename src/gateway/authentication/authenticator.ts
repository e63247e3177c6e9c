import type { System } from '../../system/index.ts'
import type { AuthenticationConfiguration, TokenSettings } from '../config/index.ts'
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
   * @returns at once for a token that was verified a moment ago
   */
  authenticate(token: string): Verdict | Promise<Verdict>
  /** The issuers and whether keys of each were ever loaded; readiness and metrics ask. */
  issuers(): readonly IssuerState[]
  /**
   * Makes an authenticator for another configuration. It takes over the keys of providers that are the
   * same, so that a reload while a provider is down costs nobody anything, and remembers no token. This
   * one goes on working until it is closed.
   *
   * @throws OidcLoginError `configuration_invalid`; then nothing has happened
   */
  reconfigured(options: AuthenticatorOptions): Authenticator
  /** Stops loading keys that no other authenticator has taken over. */
  close(): void
}

/** What an {@link Authenticator} is made of. */
export interface AuthenticatorOptions {
  readonly configuration: AuthenticationConfiguration
  readonly settings: TokenSettings
  /** Issuers of the cluster's ServiceAccount tokens, beside those in the settings. */
  readonly serviceAccountIssuers: readonly string[]
  readonly system: Pick<System, 'clock' | 'http'>
  /** Told of every attempt to load keys. */
  readonly observe?: KeyLoadObserver
}

/**
 * Told of every attempt to load the keys of an issuer, for metrics and the log.
 *
 * @param failure what went wrong, a sentence without secrets; undefined when the keys were loaded
 */
export type KeyLoadObserver = (issuer: string, failure: string | undefined) => void

/** What is known of a provider's keys. */
export interface IssuerState {
  readonly issuer: string
  /** When keys were last loaded, in milliseconds since the epoch; undefined before the first time. */
  readonly keysLoadedAt: number | undefined
  /** Whether the last attempt to load them failed. */
  readonly isFailing: boolean
}
