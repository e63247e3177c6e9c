import type { Identity, UserInfo } from '../identity/index.ts'
import type { RefusalReason, RequestInfo } from '../request/index.ts'

/** Why an exchange ended. A closed set: it labels metrics. */
export type CloseReason =
  | 'completed'
  | 'refused'
  | 'client_aborted'
  | 'upstream_aborted'
  | 'upstream_failed'
  | 'token_expired'
  | 'drained'

/**
 * One request and what became of it. The proxy fills it in while the request goes its way;
 * observers (audit, metrics) read it.
 */
export interface Exchange {
  /** The `Audit-ID` that is sent to the API server: the same id stands in both logs. */
  readonly auditId: string
  readonly method: string
  /** The request target, query included: what is logged of it is the observer's decision. */
  readonly target: string
  /** What it is about; undefined when it was not admitted. */
  info: RequestInfo | undefined
  /** Address of the TCP peer, or of the client that a trusted proxy names. */
  readonly peerAddress: string
  readonly userAgent: string | undefined
  /** When the head had arrived, in milliseconds of the System clock. */
  readonly startedAt: number
  /** Whether the connection was upgraded or asked to be (`exec`, `attach`, `port-forward`). */
  isUpgrade: boolean
  /** Who bears the token. */
  identity: Identity | undefined
  /** As whom the request is carried out: differs from the identity with `kubectl --as`. */
  effectiveUser: UserInfo | undefined
  /** Whether the token was a ServiceAccount's own, and was passed on as it is. */
  isPassthrough: boolean
  /** Why it was refused here; undefined when it was forwarded. */
  refusal: RefusalReason | undefined
  /** Status of the answer; 0 while there is none. */
  status: number
  /** Bytes of the request's body, or of an upgraded connection, towards the API server. */
  bytesIn: number
  /** Bytes towards the client. */
  bytesOut: number
  /** When the first byte of the answer was there; undefined before. */
  answeredAt: number | undefined
  endedAt: number | undefined
  closeReason: CloseReason | undefined
}

/** Somebody who is told of each exchange. Observers never throw and never wait. */
export interface ExchangeObserver {
  /** The decision is taken: refused, or about to be forwarded. */
  started(exchange: Exchange): void
  /** The head of the answer is on its way to the client. */
  answered?(exchange: Exchange): void
  /** Nothing more will happen. Called once for each exchange that was started. */
  ended(exchange: Exchange): void
}
