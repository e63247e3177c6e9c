import type { Duplex, Readable } from 'node:stream'
import type { HeaderLine } from '../request/index.ts'
import type { UpstreamAccess } from './access.ts'
import type { UpstreamFailure } from './failure.ts'
import type { Receiver, Sending, Transport, UpstreamRequest } from './request.ts'
import type { ResponseHead } from './response-head.ts'

/** The one way to the API server: every byte that the gateway sends there goes through it. */
export interface Upstream {
  /** How it is reached at this moment. */
  access(): UpstreamAccess
  /** Its host and port, for the `Host` line. */
  authority(): string
  /** Sends a request. It is never sent twice. */
  send(request: UpstreamRequest, receiver: Receiver): Sending
  /**
   * Asks to upgrade a connection that is opened for this request alone and never used for another
   * (rule F4). Never rejects.
   */
  dial(request: DialRequest, signal: AbortSignal): Promise<DialAnswer>
  /** From now on it is reached differently; connections that were opened before get no new request. */
  replace(access: UpstreamAccess): void
  /** Ends when the requests under way have ended. */
  close(): Promise<void>
}

/** A request to upgrade a connection. */
export interface DialRequest {
  readonly transport: Transport
  readonly method: string
  readonly target: string
  readonly headers: readonly HeaderLine[]
  /** The protocol, as the client wrote it. */
  readonly protocol: string
}

/** What the API server said to it. */
export type DialAnswer =
  | {
      readonly kind: 'switched'
      readonly head: ResponseHead
      readonly socket: Duplex
      /** The first bytes of the new protocol. */
      readonly first: Buffer
    }
  | {
      readonly kind: 'answered'
      readonly head: ResponseHead
      /** When it is destroyed the connection is closed. */
      readonly body: Readable
    }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure }
