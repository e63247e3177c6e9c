import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { AuditSink } from './sink.ts'

/** Writes text somewhere; rejects when that fails. */
export type WriteText = (text: string) => Promise<void>

/** More than so many characters waiting means that the disk does not keep up; further lines are lost. */
const maxPending = 16 * 1024 * 1024

/** How long lines gather when there are many: a write costs more than a line. */
const gatherMs = 10
/** So many in that time are many. With fewer, each is written at once: people look into the log. */
const many = 8

/**
 * A sink that writes what has gathered since the last write, all at once: one write for many requests
 * under load, at once when there is none.
 *
 * @param onLost told of each failure, with how many lines it cost
 */
export function batchSink(
  writeText: WriteText,
  onLost: (lines: number, error: unknown) => void,
  end: () => Promise<void> = async () => undefined,
): AuditSink {
  let pending: string[] = []
  let pendingLength = 0
  let lost = 0
  let running: Promise<void> | undefined
  // Lines since a moment, and whether there were many in the time before it.
  let counted = 0
  let countedFrom = Number.NEGATIVE_INFINITY
  let isBusy = false

  const count = (): void => {
    const sinceMs = performance.now() - countedFrom
    if (sinceMs > gatherMs) {
      isBusy = counted >= many && sinceMs < 2 * gatherMs
      counted = 0
      countedFrom = performance.now()
    }
    counted += 1
  }
  const lose = (lines: number, error: unknown): void => {
    lost += lines
    onLost(lines, error)
  }
  const drain = async (): Promise<void> => {
    while (pending.length > 0) {
      const lines = pending
      pending = []
      pendingLength = 0
      try {
        await writeText(`${lines.join('\n')}\n`)
      } catch (error) {
        lose(lines.length, error)
      }
      if (isBusy && pending.length > 0) await sleep(gatherMs)
    }
    running = undefined
  }
  const flush = async (): Promise<void> => {
    while (running) await running
  }
  return {
    write(line) {
      if (pendingLength + line.length > maxPending) {
        lose(1, new Error('the audit log does not keep up'))
        return
      }
      pending.push(line)
      pendingLength += line.length
      count()
      // At least after the events of this turn: what they write goes out together.
      running ??= (isBusy ? sleep(gatherMs) : nextTurn()).then(drain)
    },
    flush,
    async close() {
      await flush()
      await end()
    },
    lost: () => lost,
  }
}
