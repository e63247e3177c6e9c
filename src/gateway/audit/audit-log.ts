import type { Exchange, ExchangeObserver } from '../proxy/index.ts'
import { isLongRunning } from '../request/index.ts'
import { type AuditLineOptions, auditLine } from './audit-line.ts'
import type { AuditSink } from './sink.ts'

/**
 * Writes one line when a request ends, and one at the start of those that last: who opened a shell
 * must not become known only when it is closed (rule H9).
 *
 * @param now milliseconds since the epoch
 */
export function auditLog(
  sink: AuditSink,
  options: AuditLineOptions,
  now: () => number,
): ExchangeObserver {
  return {
    started: () => undefined,
    answered(exchange) {
      if (lasts(exchange)) sink.write(auditLine(exchange, 'ResponseStarted', now(), options))
    },
    ended(exchange) {
      sink.write(auditLine(exchange, 'ResponseComplete', now(), options))
    },
  }
}

function lasts({ isUpgrade, info, refusal }: Exchange): boolean {
  if (refusal !== undefined) return false
  return isUpgrade || (info !== undefined && isLongRunning(info))
}
