import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** A request to upgrade, at the client's side: Node's parser has let go of the connection. */
export interface Upgrading {
  readonly request: IncomingMessage
  readonly socket: Socket
  /** What came behind the request; it belongs to the new protocol and is not HTTP (rule F7). */
  readonly first: Buffer
}
