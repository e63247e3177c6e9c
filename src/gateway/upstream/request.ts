import type { HeadLines } from '../http1/index.ts'
import type { HeaderLine } from '../request/index.ts'
import type { UpstreamFailure } from './failure.ts'
import type { ResponseHead } from './response-head.ts'

/** Requests that run for hours have connections of their own, so that they never starve others (rule G4). */
export type Lane = 'short' | 'long'

/**
 * Whose credential a connection holds: the gateway's, or none, because the client's own token travels
 * in the request.
 */
export type Transport = 'gateway' | 'client'

/** A request to the API server, complete: nothing is added on its way but framing. */
export interface UpstreamRequest {
  readonly transport: Transport
  readonly lane: Lane
  readonly method: string
  /** In origin form, byte for byte. */
  readonly target: string
  /** `Host` and end-to-end lines; no framing. */
  readonly headers: HeadLines
  /** What no other request has. It stands behind them. */
  readonly ownHeaders: readonly HeaderLine[]
  readonly body: BodySource | Buffer | undefined
  /** In bytes; undefined when it is not known beforehand. */
  readonly contentLength: number | undefined
}

/** A body that is still arriving. It comes no faster than it is wanted. */
export interface BodySource {
  /** Begins to hand it over. Called once. */
  read(sink: BodySink): void
  /** Goes on after {@link BodySink.data} has said no. */
  resume(): void
  /** Nobody wants the rest: the sink is told nothing more. */
  cancel(): void
}

/** Whoever takes a body. */
export interface BodySink {
  /** @returns whether more may come at once */
  data(chunk: Buffer): boolean
  end(): void
}

/** Whoever gets the answer. None of its functions may throw. */
export interface Receiver {
  head(head: ResponseHead): void
  /** @returns whether more may come at once; after a no, {@link Sending.resume} asks for it */
  data(chunk: Buffer): boolean
  end(trailers: readonly HeaderLine[]): void
  /** Instead of what is missing. Never after {@link Receiver.end}. */
  failed(failure: UpstreamFailure): void
}

/** A request under way. */
export interface Sending {
  /** Gives up: the connection is closed, unless the request has not been sent yet. */
  abort(): void
  resume(): void
}
