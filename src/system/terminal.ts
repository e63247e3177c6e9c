/** A question to the person at the terminal. */
export interface Question {
  /** What is shown, with the space after it. */
  readonly text: string
  /** Whether what is typed is not shown. */
  readonly isHidden: boolean
  /** Takes the question back when it is aborted. */
  readonly signal: AbortSignal
}

/** stdin, stdout and stderr, and the terminal behind them. */
export interface Terminal {
  /**
   * Writes to stdout, all of it, before it returns. stdout belongs to the ExecCredential.
   *
   * @throws OidcLoginError `output_unwritable`
   */
  stdout(text: string): void
  /** Writes one message to stderr and ends its line. */
  stderr(message: string): void
  /** How many columns the terminal has that stderr goes to; undefined when it goes elsewhere. */
  readonly screenWidth: number | undefined
  /** Whether what is written to stdout may be coloured. */
  readonly isStdoutColoured: boolean
  /** Whether stdin is a terminal, so that a person could answer a question. */
  readonly isInteractive: boolean
  /**
   * Reads lines from the terminal until `signal` is aborted; yields nothing when stdin ends.
   * Never called when {@link Terminal.isInteractive} is false.
   */
  lines(signal: AbortSignal): AsyncIterable<string>
  /**
   * Asks the person at the terminal that this process was started from. stdin is left alone: it may
   * carry what kubectl is to apply.
   *
   * @returns what was typed; undefined when there is no terminal, or when it was closed
   * @throws OidcLoginError `interrupted`
   */
  ask(question: Question): Promise<string | undefined>
}
