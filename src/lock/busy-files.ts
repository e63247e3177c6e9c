import { systemErrorCode } from '../errors.ts'
import type { System } from '../system/index.ts'
import type { LockAttempt } from './attempt.ts'

const busyAtMostMs = 2_000

/**
 * On Windows a file that another process is just deleting or replacing can be neither read nor
 * created; that passes. Where it does not pass, access is really denied.
 */
export function toleratingBusyFiles(
  system: Pick<System, 'clock' | 'process'>,
  attempt: () => LockAttempt,
): () => LockAttempt {
  if (system.process.platform !== 'win32') return attempt
  let busySince: number | undefined
  return () => {
    try {
      const outcome = attempt()
      busySince = undefined
      return outcome
    } catch (error) {
      if (!/^(EPERM|EACCES|EBUSY)$/.test(systemErrorCode(error) ?? '')) throw error
      busySince ??= system.clock.elapsed()
      if (system.clock.elapsed() - busySince >= busyAtMostMs) throw error
      return { kind: 'changed' }
    }
  }
}
