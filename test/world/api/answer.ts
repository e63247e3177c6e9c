import type { Json } from './json.ts'

/** The answer to a request, before it is written. */
export type Answer = JsonAnswer | BytesAnswer | StreamAnswer

/** A JSON document. */
export interface JsonAnswer {
  readonly code: number
  readonly json: Json
  /** `application/json` unless given. */
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A document that is not JSON. */
export interface BytesAnswer {
  readonly code: number
  readonly bytes: Uint8Array
  readonly contentType: string
}

/** An answer without a known end: a watch, or a log that is followed. */
export interface StreamAnswer {
  readonly contentType: string
  /**
   * Begins to write.
   *
   * @returns called when the stream is over, whoever ended it
   */
  start(sink: Sink): () => void
}

/** Where a stream is written to. */
export interface Sink {
  write(text: string): void
  end(): void
}

/** 200 with a JSON document. */
export function ok(json: Json, contentType = 'application/json'): JsonAnswer {
  return { code: 200, json, contentType }
}
