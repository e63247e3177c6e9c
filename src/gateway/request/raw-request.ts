/** One line of a message's head: the name as it was written and the value, both as Latin-1 bytes. */
export type HeaderLine = readonly [name: string, value: string]

/** The head of a request as it came from the socket: nothing joined, decoded or normalised. */
export interface RawRequest {
  readonly method: string
  /** The request target, byte for byte. */
  readonly target: string
  /** `1.1` or `1.0`. */
  readonly httpVersion: string
  readonly headers: readonly HeaderLine[]
  /** Whether they are, byte for byte, those of an earlier request on the connection: the same array, then. */
  readonly repeatsLines: boolean
}
