/** Trace messages on stderr, chosen by `-v`. They never hold a token, code, verifier or secret. */
export interface Log {
  /** The level that the user asked for; 0 means that nothing is traced. */
  readonly level: number
  /**
   * Traces one line when the user asked for `level` or more: 1 is the course of events, 2 adds each
   * request with its status and duration. `message` is a function so that an unwanted trace costs
   * nothing.
   */
  trace(level: 1 | 2, message: () => string): void
}
