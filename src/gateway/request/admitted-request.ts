import type { HeaderLine } from './raw-request.ts'
import type { RequestInfo } from './request-info.ts'

/** A request whose head obeys the rules, taken apart. */
export interface AdmittedRequest {
  readonly kind: 'admitted'
  readonly method: string
  /** The request target in origin form, byte for byte. */
  readonly target: string
  /** The target up to the first `?`. */
  readonly path: string
  /** What it is about; for logs, metrics and pools. */
  readonly info: RequestInfo
  /**
   * What may travel on: no hop-by-hop line, nothing that `Connection` names, no credential, no identity,
   * no forwarding line, no framing line, no `Host`.
   */
  readonly endToEnd: readonly HeaderLine[]
  /** Whether they are those of an earlier request on the connection: the same array, when that was admitted. */
  readonly repeatsLines: boolean
  /** The bearer token, from `Authorization` or from the WebSocket subprotocol; undefined without one. */
  readonly token: string | undefined
  /** The `Impersonate-*` lines of the client (`kubectl --as`); never forwarded as they are. */
  readonly impersonation: readonly HeaderLine[]
  /** To which protocol the connection is to be upgraded, as it was written; undefined when it is not. */
  readonly upgrade: string | undefined
  readonly body: BodyFraming
  /** Whether the client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean
}

/** How the end of a request's body is told. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
