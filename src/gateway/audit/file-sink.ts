import { open, rename, rm } from 'node:fs/promises'
import { batchSink, type WriteLines } from './batch.ts'
import type { AuditSink } from './sink.ts'

/** A file that is rotated. */
export interface AuditFile {
  readonly file: string
  /** How large it grows before it becomes `FILE.1`. */
  readonly maxBytes: number
  /** How many rotated files are kept. */
  readonly keep: number
}

/**
 * Appends to a file, mode 0600, and rotates it by size: `audit.log` becomes `audit.log.1`, the oldest
 * is deleted. The file is opened once at the start, so that a wrong path is an error then.
 *
 * @throws Node's system error when the file cannot be opened
 */
export async function fileSink(
  { file, maxBytes, keep }: AuditFile,
  onLost: (lines: number, error: unknown) => void,
): Promise<AuditSink> {
  let handle = await open(file, 'a', 0o600)
  let size = (await handle.stat()).size

  const reopen = async (): Promise<void> => {
    handle = await open(file, 'a', 0o600)
    size = (await handle.stat()).size
  }
  const rotate = async (): Promise<void> => {
    await handle.close()
    try {
      for (let index = keep; index > 0; index -= 1) {
        await renameIfThere(index === 1 ? file : `${file}.${index - 1}`, `${file}.${index}`)
      }
      if (keep === 0) await rm(file, { force: true })
    } catch (error) {
      // A file that grows too large is better than lines that are lost.
      onLost(0, error)
    } finally {
      await reopen()
    }
  }
  const writeLines: WriteLines = async (lines) => {
    const bytes = typeof lines === 'string' ? Buffer.from(lines) : lines
    if (size > 0 && size + bytes.length > maxBytes) await rotate()
    await handle.appendFile(bytes)
    size += bytes.length
  }
  return batchSink(writeLines, onLost, async () => await handle.close())
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
