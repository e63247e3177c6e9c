import type { Duplex } from 'node:stream'
import { atEndOfTurn } from '../http1/index.ts'

/** Told of what passes in one direction. */
export type Tap = (chunk: Buffer) => void

/**
 * So many bytes may wait for their taker before no more are read: with the 16 KiB of a stream, reading would stop
 * and go on again for every record of TLS.
 */
const mostWaiting = 256 * 1024

/**
 * Joins one direction of two connections: bytes as they come, no faster than they are taken (rule F8),
 * and the end of one is the end of the other. What comes in one turn leaves in one write at its end, so that whoever
 * waits for it is woken once (docs/decisions/0016-writes-at-the-end-of-a-turn.md).
 */
export function pour(from: Duplex, to: Duplex, tap: Tap): void {
  let isHeld = false
  function release(): void {
    isHeld = false
    to.uncork()
  }
  from.on('data', (chunk: Buffer) => {
    tap(chunk)
    if (!isHeld) {
      isHeld = true
      to.cork()
      atEndOfTurn(release)
    }
    to.write(chunk)
    if (to.writableLength > mostWaiting) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => to.end())
}
