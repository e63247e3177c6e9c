/** What proves the gateway to the API server on one connection. */
export type UpstreamCredential =
  /** A ServiceAccount token, sent as `Authorization`. */
  | { readonly kind: 'token'; readonly token: string }
  /** A client certificate: it is part of the TLS connection, so no header carries it. */
  | { readonly kind: 'certificate' }
