import type { Browser } from './browser.ts'
import type { Clock } from './clock.ts'
import type { FileReader, Files } from './files.ts'
import type { HttpClient } from './http.ts'
import type { Keychain } from './keychain.ts'
import type { Log } from './log.ts'
import type { ProcessInfo } from './process.ts'
import type { Terminal } from './terminal.ts'

/**
 * The only doors to the outside world. `main` builds it once and everything receives it as a
 * parameter, so that a test can replace the clock or the browser and leave the rest real.
 */
export interface System {
  /** The time, and waiting. */
  readonly clock: Clock
  /** Environment variables, read once at the start. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Files of this user. */
  readonly files: Files
  /** Requests to the provider. */
  readonly http: HttpClient
  /** Opens web pages. */
  readonly browser: Browser
  /** The keychain of the operating system. */
  readonly keychain: Keychain
  /** stdin, stdout and stderr, and the terminal behind them. */
  readonly terminal: Terminal
  /** Trace messages of `-v`. */
  readonly log: Log
  /** Who we are: pid, user, platform. */
  readonly process: ProcessInfo
  /** Aborted when the user interrupts the program (Ctrl-C, SIGTERM, SIGHUP). */
  readonly interrupted: AbortSignal
}

/** As much of a {@link System} as it takes to read files, and to judge whose they are. */
export type ReadingSystem = Pick<System, 'process'> & { readonly files: FileReader }
