import type { TLSSocket } from 'node:tls'
import type { MessageHead } from '../http1/index.ts'

/** A request to upgrade, at the client's side: nobody reads HTTP from the connection any more. */
export interface Upgrading {
  readonly head: MessageHead
  /** Paused. */
  readonly socket: TLSSocket
  /** What came behind the request; it belongs to the new protocol and is not HTTP (rule F7). */
  readonly first: Buffer
}
