import { printable } from '../printable.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { withoutSecrets } from './redaction.ts'
import type { Terminal } from './terminal.ts'

/** In characters: more than any of our own messages has. */
const longestMessage = 2_000

/**
 * Traces to stderr: one line a message, without the secrets that somebody else's words may quote, and
 * without characters that would act on a terminal.
 *
 * @param level what the user asked for with `-v`
 */
export function stderrLog(level: number, clock: Clock, terminal: Terminal): Log {
  return {
    level,
    trace(wanted, message) {
      if (level < wanted) return
      const text = printable(withoutSecrets(message()), longestMessage)
      terminal.stderr(`${new Date(clock.now()).toISOString()} ${text}`)
    },
  }
}
