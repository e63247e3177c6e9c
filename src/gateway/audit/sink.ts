/** Where audit lines go. */
export interface AuditSink {
  /** Takes one line, without its end. Never throws and never waits; lines stay in order. */
  write(line: string): void
  /** Takes whole lines that were made elsewhere, with their ends, as bytes (UTF-8). */
  relay(lines: Buffer): void
  /** Resolves when everything written so far is with the operating system. */
  flush(): Promise<void>
  /** Flushes and closes. */
  close(): Promise<void>
  /** How many lines could not be written. */
  readonly lost: () => number
}

/** Takes nothing: audit is off. */
export const noSink: AuditSink = {
  write: () => undefined,
  relay: () => undefined,
  flush: async () => undefined,
  close: async () => undefined,
  lost: () => 0,
}
