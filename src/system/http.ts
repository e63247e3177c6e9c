/** What the connection to the provider needs beside its URL. */
export interface HttpOptions {
  /** PEM certificates that are trusted in addition to the system's. */
  readonly certificateAuthorities?: readonly string[] | undefined
  /** Whether the server's certificate is not verified at all. */
  readonly insecureSkipTlsVerify?: boolean | undefined
  /** Certificate and key that are shown to a server that asks for them. */
  readonly clientCertificate?: { readonly certPem: string; readonly keyPem: string } | undefined
  /** Headers that are added to every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A proxy URL for every request, or `direct` for none; by default the environment decides. */
  readonly proxyUrl?: string | undefined
  /** How long one request may take, from its start to the last byte of its answer. */
  readonly timeoutMs: number
}

/** A fetch-shaped function: one request, one whole answer. It follows no redirect. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>

/** What a request carries. */
export interface FetchInit {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | URLSearchParams | Uint8Array | null | undefined
  readonly signal?: AbortSignal | undefined
}

/** Requests to the provider. */
export interface HttpClient {
  /**
   * Makes a `fetch` for one provider. The returned function throws `OidcLoginError` with
   * `provider_unreachable`, `provider_untrusted`, `provider_timed_out`, `proxy_unreachable`,
   * `proxy_refused`, `provider_response_invalid` (an answer of more than 1 MiB) or `usage_invalid` (the
   * URL of the proxy).
   */
  connect(options: HttpOptions): Fetch
}
