/** stdin, stdout and stderr. */
export interface Terminal {
  /** Writes to stdout, all of it, before it returns. stdout belongs to the ExecCredential. */
  stdout(text: string): void
  /** Writes one message to stderr and ends its line. */
  stderr(message: string): void
  /**
   * Whether stdin is a terminal that this process may read, so that a person could answer a question.
   * A job in the background of a shell may not.
   */
  readonly isInteractive: boolean
  /**
   * Reads lines from the terminal until `signal` is aborted; yields nothing when stdin ends.
   * Never called when {@link Terminal.isInteractive} is false.
   */
  lines(signal: AbortSignal): AsyncIterable<string>
}
