import type { Writable } from 'node:stream'
import { batchSink } from './batch.ts'
import type { AuditSink } from './sink.ts'

/** Writes lines to a stream that is not ours to close, such as stdout. */
export function streamSink(
  stream: Writable,
  onLost: (lines: number, error: unknown) => void,
): AuditSink {
  return batchSink(
    async (lines) =>
      await new Promise((resolve, reject) => {
        stream.write(lines, (error) => (error ? reject(error) : resolve()))
      }),
    onLost,
  )
}
