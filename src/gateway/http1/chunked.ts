import type { HeaderLine } from '../request/index.ts'
import { headText } from './head-text.ts'

/** What stands before a chunk (RFC 9112 §7.1). Behind it stands {@link chunkEnd}. */
export function chunkStart(bytes: number): Buffer {
  return Buffer.from(`${bytes.toString(16)}\r\n`, 'latin1')
}

/** What stands behind each chunk. */
export const chunkEnd: Buffer = Buffer.from('\r\n', 'latin1')

/** What ends a chunked body: the last chunk and the trailers. */
export function lastChunk(trailers: readonly HeaderLine[]): Buffer {
  return Buffer.from(headText('0', trailers), 'latin1')
}
