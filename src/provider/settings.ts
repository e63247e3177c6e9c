import type { TlsVersion } from '../system/index.ts'
import type { ClientKey } from './client-key.ts'
import type { GivenEndpoints } from './endpoints.ts'

/** The methods of client authentication, as `--oidc-client-auth-method` takes them. */
export const clientAuthMethods = [
  'auto',
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
] as const

/** One of {@link clientAuthMethods}. */
export type ClientAuthMethod = (typeof clientAuthMethods)[number]

/** How the provider is reached and who we are there. */
export interface ProviderSettings {
  /** Issuer URL, as the provider writes it in `iss`. */
  readonly issuer: string
  /** OAuth client id. */
  readonly clientId: string
  /** Client secret of a confidential client; absent for a public one. */
  readonly clientSecret?: string | undefined
  /** How the client proves itself; `auto` goes by what it has. */
  readonly clientAuthMethod: ClientAuthMethod
  /** Private key of a client that signs its requests (`private_key_jwt`). */
  readonly clientKey?: ClientKey | undefined
  /** JWT that others issue for the client (workload identity, RFC 7523 §2.2). */
  readonly clientAssertion?: string | undefined
  /** Certificate of a client that shows one (mTLS, RFC 8705). */
  readonly clientCertificate?: { readonly certPem: string; readonly keyPem: string } | undefined
  /** PEM certificates that are trusted in addition to the system's. */
  readonly certificateAuthorities: readonly string[]
  /** Whether the provider's certificate is not verified at all. */
  readonly insecureSkipTlsVerify: boolean
  /** Whether an issuer that speaks plain http is accepted on another computer, too. */
  readonly insecureAllowHttp: boolean
  /** The name that the provider's certificate must have, when it is not the host of the URL. */
  readonly tlsServerName?: string | undefined
  /** The oldest version of TLS that is spoken; 1.2 by default. */
  readonly tlsMinVersion?: TlsVersion | undefined
  /** Whether the provider may ask for a TLS renegotiation. */
  readonly tlsRenegotiation?: boolean | undefined
  /** Where the discovery document is read; by default below the issuer. */
  readonly discoveryUrl?: string | undefined
  /** Endpoints that take the place of those in the discovery document; they have been checked. */
  readonly endpoints?: GivenEndpoints | undefined
  /** Headers that are added to every request. */
  readonly requestHeaders: Readonly<Record<string, string>>
  /** A proxy URL for every request, or `direct` for none; by default the environment decides. */
  readonly proxyUrl?: string | undefined
  /** How long one request to the provider may take. */
  readonly requestTimeoutMs: number
}
