import type { Socket } from 'node:net'
import type { CloseReason } from './exchange.ts'

/** A connection of a client, from its TLS handshake to its end. */
export interface ClientConnection {
  readonly socket: Socket
  /** Address of the TCP peer. */
  readonly address: string
  /** The signal that is aborted when the client goes away: most connections need none. */
  signal(): AbortSignal
  /** Beyond the number that is served: it is told so, and closed. */
  readonly isSurplus: boolean
  /** What goes on upon it: one request at a time. */
  running: Running | undefined
}

/** Why the gateway itself ends what is under way. */
export type CutReason = 'token_expired' | 'drained'

/** Something that must end when the client goes away, and can be ended before. */
export interface Running {
  /** Whether it waits for events: its client will simply ask again. */
  readonly isWatch: boolean
  /** Ends a stream: between two events when there is patience for it. Undefined for what ends by itself. */
  readonly cut: ((reason: CutReason, isPatient: boolean) => void) | undefined
  /** The client is gone: nothing can be answered any more. */
  gone(reason?: CloseReason): void
}
