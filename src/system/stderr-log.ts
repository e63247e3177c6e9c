import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Terminal } from './terminal.ts'

/**
 * Traces to stderr.
 *
 * @param level what the user asked for with `-v`
 */
export function stderrLog(level: number, clock: Clock, terminal: Terminal): Log {
  return {
    level,
    trace(wanted, message) {
      if (level < wanted) return
      terminal.stderr(`${new Date(clock.now()).toISOString()} ${message()}`)
    },
  }
}
