import type { Identity, UserInfo } from '../identity/index.ts'
import type { AdmittedRequest, HeaderLine, Refusal } from '../request/index.ts'

/** What becomes of a request. It is taken before a connection to the API server is opened. */
export type Decision = Forward | PassThrough | OwnAnswer | Refusal

/** Forwarded with the gateway's own credential, as somebody. */
export interface Forward {
  readonly kind: 'forward'
  readonly request: AdmittedRequest
  readonly identity: Identity
  /** As whom: the identity's user, or whom `kubectl --as` named. */
  readonly user: UserInfo
  /** The `Impersonate-*` lines, encoded. */
  readonly impersonation: readonly HeaderLine[]
}

/**
 * Forwarded on a connection without our credential: with the client's own ServiceAccount token, or, for
 * the public paths that the configuration opens (`/healthz`, `/version` …), with none.
 */
export interface PassThrough {
  readonly kind: 'passthrough'
  readonly request: AdmittedRequest
  readonly token: string | undefined
  /** Without a meaning for us: the API server decides what the token's owner may impersonate. */
  readonly impersonation: readonly HeaderLine[]
}

/** Answered by the gateway itself: the onboarding document, the human page. */
export interface OwnAnswer {
  readonly kind: 'own'
  readonly status: number
  readonly headers: readonly HeaderLine[]
  readonly body: string
}

/** Takes the decision for every request of a listener. */
export interface Judge {
  /**
   * Never rejects: what goes wrong is a {@link Refusal}.
   *
   * @param signal the signal that is aborted when the client goes away, for those who wait
   * @returns at once where nobody has to be asked: that is the case for nearly every request
   */
  judge(
    request: AdmittedRequest,
    peer: Peer,
    signal: () => AbortSignal,
  ): Decision | Promise<Decision>
}

/** The other end of the client's connection. */
export interface Peer {
  /** Address of the TCP peer, or of the client that a trusted proxy names. */
  readonly address: string
}
