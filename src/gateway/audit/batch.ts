import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { AuditSink } from './sink.ts'

/** Writes whole lines somewhere, as text or as its bytes (UTF-8); rejects when that fails. */
export type WriteLines = (lines: string | Buffer) => Promise<void>

/** More than so many characters or bytes waiting means that the disk does not keep up; further lines are lost. */
const maxPending = 16 * 1024 * 1024

/** How long lines gather when there are many: a write costs more than a line. */
const gatherMs = 25
/** So many in that time are many. With fewer, each is written at once: people look into the log. */
const many = 20

/**
 * A sink that writes what has gathered since the last write, all at once: one write for many requests
 * under load, at once when there is none.
 *
 * @param onLost told of each failure, with how many lines it cost
 */
export function batchSink(
  writeLines: WriteLines,
  onLost: (lines: number, error: unknown) => void,
  end: () => Promise<void> = async () => undefined,
): AuditSink {
  let pending = ''
  // Bytes of whole lines, and what was pending before them.
  let relayed: Buffer[] = []
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
  const take = (): string | Buffer => {
    const lines = relayed.length === 0 ? pending : Buffer.concat([...relayed, Buffer.from(pending)])
    pending = ''
    relayed = []
    pendingLength = 0
    return lines
  }
  const drain = async (): Promise<void> => {
    while (pendingLength > 0) {
      const lines = take()
      try {
        await writeLines(lines)
      } catch (error) {
        lose(linesIn(lines), error)
      }
      if (isBusy && pendingLength > 0) await sleep(gatherMs)
    }
    running = undefined
  }
  const hasRoom = (lines: string | Buffer): boolean => {
    if (pendingLength + lines.length <= maxPending) return true
    lose(Math.max(1, linesIn(lines)), new Error('the audit log does not keep up'))
    return false
  }
  const drainSoon = (length: number): void => {
    pendingLength += length
    // At least after the events of this turn: what they write goes out together.
    running ??= (isBusy ? sleep(gatherMs) : nextTurn()).then(drain)
  }
  const flush = async (): Promise<void> => {
    while (running) await running
  }
  return {
    write(line) {
      if (!hasRoom(line)) return
      count()
      pending += line
      pending += '\n'
      drainSoon(line.length + 1)
    },
    relay(lines) {
      if (lines.length === 0 || !hasRoom(lines)) return
      if (pending !== '') relayed.push(Buffer.from(pending))
      pending = ''
      relayed.push(lines)
      drainSoon(lines.length)
    },
    flush,
    async close() {
      await flush()
      await end()
    },
    lost: () => lost,
  }
}

/** How many lines end in a text, or in its bytes. */
function linesIn(lines: string | Buffer): number {
  let count = 0
  for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) count += 1
  return count
}
