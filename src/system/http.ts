import type { Peer } from './peer.ts'

/** A version of TLS, in Node's words. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

/** What a connection needs beside its URL. */
export interface HttpOptions {
  /** Who is at the other end, for errors; by default the provider. */
  readonly peer?: Peer | undefined
  /** PEM certificates that are trusted in addition to the system's. */
  readonly certificateAuthorities?: readonly string[] | undefined
  /** Whether they are trusted in the place of the system's, as kubectl does. */
  readonly trustsOnlyThem?: boolean | undefined
  /** The name that the server's certificate must be for; by default the host name of the URL. */
  readonly serverName?: string | undefined
  /** The oldest version of TLS that is spoken; 1.2 by default. */
  readonly minTlsVersion?: TlsVersion | undefined
  /** Whether the server may ask for a renegotiation, which TLS 1.3 does not know. */
  readonly mayRenegotiate?: boolean | undefined
  /** Whether the server's certificate is not verified at all. */
  readonly insecureSkipTlsVerify?: boolean | undefined
  /** Certificate and key that are shown to a server that asks for them. */
  readonly clientCertificate?: { readonly certPem: string; readonly keyPem: string } | undefined
  /** Headers that are added to every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A proxy URL for every request, or `direct` for none; by default the environment decides. */
  readonly proxyUrl?: string | undefined
  /** Whether a connection is used for further requests; it holds up nobody's end. Not through a proxy. */
  readonly keepsConnections?: boolean | undefined
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

/** Requests to the provider, and to the API server. */
export interface HttpClient {
  /**
   * Makes a `fetch` for one peer. The returned function throws `OidcLoginError` with the codes of the
   * peer (`invalid` is an answer of more than 1 MiB, too), `proxy_unreachable`, `proxy_refused`, or
   * `usage_invalid` (the URL of the proxy).
   */
  connect(options: HttpOptions): Fetch
}
