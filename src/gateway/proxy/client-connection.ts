import type { Socket } from 'node:net'

/** A connection of a client, from its TLS handshake to its end. */
export interface ClientConnection {
  readonly socket: Socket
  /** Address of the TCP peer. */
  readonly address: string
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  /** Beyond the number that is served: it is told so, and closed. */
  readonly isSurplus: boolean
  /** What goes on upon it; several, when requests are pipelined. */
  readonly running: Set<Running>
}

/** Something that must end when the client goes away. */
export interface Running {
  /** Resolves when it has ended. */
  readonly over: Promise<void>
  /** The client is gone: nothing can be answered any more. */
  gone(): void
}
