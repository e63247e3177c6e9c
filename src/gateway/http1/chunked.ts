import type { HeaderLine } from '../request/index.ts'
import { headText } from './head-text.ts'

/** What stands before a chunk (RFC 9112 §7.1), a character a byte. Behind it stands {@link chunkEnd}. */
export function chunkStart(bytes: number): string {
  return `${bytes.toString(16)}\r\n`
}

/** What stands behind each chunk. */
export const chunkEnd = '\r\n'

/** What ends a chunked body, a character a byte: the last chunk and the trailers. */
export function lastChunk(trailers: readonly HeaderLine[]): string {
  return headText('0', trailers)
}
