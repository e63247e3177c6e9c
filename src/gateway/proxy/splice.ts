import type { Duplex } from 'node:stream'

/** Told of what passes in one direction. */
export type Tap = (chunk: Buffer) => void

/**
 * Joins one direction of two connections: bytes as they come, no faster than they are taken (rule F8),
 * and the end of one is the end of the other. Nothing is copied, and nothing put together: pieces that come
 * in one turn take no less time when they leave in one write.
 */
export function pour(from: Duplex, to: Duplex, tap: Tap): void {
  from.on('data', (chunk: Buffer) => {
    tap(chunk)
    if (!to.write(chunk)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => to.end())
}
