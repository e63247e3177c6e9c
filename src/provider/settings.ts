/** How the provider is reached and who we are there. */
export interface ProviderSettings {
  /** Issuer URL, as the provider writes it in `iss`. */
  readonly issuer: string
  /** OAuth client id. */
  readonly clientId: string
  /** Client secret of a confidential client; absent for a public one. */
  readonly clientSecret?: string | undefined
  /** PEM certificates that are trusted in addition to the system's. */
  readonly certificateAuthorities: readonly string[]
  /** Whether the provider's certificate is not verified at all. */
  readonly insecureSkipTlsVerify: boolean
  /** Whether an issuer that speaks plain http is accepted on another computer, too. */
  readonly insecureAllowHttp: boolean
  /** Headers that are added to every request. */
  readonly requestHeaders: Readonly<Record<string, string>>
  /** A proxy URL for every request, or `direct` for none; by default the environment decides. */
  readonly proxyUrl?: string | undefined
  /** How long one request to the provider may take. */
  readonly requestTimeoutMs: number
}
