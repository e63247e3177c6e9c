import type { Worker } from 'node:cluster'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

/** What a worker is started with: the streams of the primary process, their channel, and {@link auditPipe}. */
export const workerStdio = ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'] as const

/** The descriptor on which a worker writes audit lines: as they are, without the channel's packaging. */
const auditPipe = 4

/** The worker's end. A slow disk is felt here, and not in the memory of the primary process. */
export function auditStreamOfWorker(): Writable {
  const pipe = new Socket({ fd: auditPipe, readable: false, writable: true })
  // Without a primary process the worker ends anyway; each line that is lost is told to its writer.
  pipe.on('error', () => undefined)
  return pipe.unref()
}

/**
 * The primary's end: takes whole lines with their ends, as the bytes that came. What a worker that dies has not written
 * to its end is no line.
 */
export function readAudit(worker: Worker, relay: (lines: Buffer) => void): void {
  const pipe = worker.process.stdio[auditPipe] as Readable
  let rest: Buffer[] = []
  pipe.on('data', (bytes: Buffer) => {
    const end = bytes.lastIndexOf('\n') + 1
    if (end === 0) {
      rest.push(bytes)
      return
    }
    const lines = bytes.subarray(0, end)
    relay(rest.length === 0 ? lines : Buffer.concat([...rest, lines]))
    rest = end === bytes.length ? [] : [bytes.subarray(end)]
  })
}
