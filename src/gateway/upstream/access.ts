/** How the API server is reached at this moment: what the configured files hold, not where they are. */
export interface UpstreamAccess {
  /** `https://host[:port]`, without a path. */
  readonly server: string
  /** PEM. The API server is never reached without verification (rule H12). */
  readonly certificateAuthority: string
  /** The name in the API server's certificate, when it is not the host. */
  readonly serverName: string | undefined
  readonly credential: UpstreamToken | UpstreamCertificate
}

/** A ServiceAccount token. It travels in a header of each request, so no connection holds it. */
export interface UpstreamToken {
  readonly kind: 'token'
  readonly token: string
}

/** A client certificate: whoever holds a connection that was opened with it is the gateway. */
export interface UpstreamCertificate {
  readonly kind: 'certificate'
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
}

/** Whether two are the same, so that nothing has to be opened anew. */
export function isSameAccess(one: UpstreamAccess, other: UpstreamAccess): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
