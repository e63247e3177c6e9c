import type { FileContents } from './files.ts'
import { readBySystemCalls } from './system-calls.ts'
import { unlessMissing } from './unless-missing.ts'

const defaultMaxBytes = 1024 * 1024

function notAFile(path: string): Error {
  return Object.assign(new Error(`${path} is not a file`), { code: 'EISDIR' })
}

/**
 * Reads a file as UTF-8 text, and who owns what was read.
 *
 * @param path absolute path
 * @param maxBytes the largest size that is read
 * @returns undefined when there is none
 * @throws RangeError when it is larger; Node's system error when the operating system refuses, or when it is
 *   not a file (`EISDIR`)
 */
export function readBounded(path: string, maxBytes = defaultMaxBytes): FileContents | undefined {
  const contents = readBySystemCalls(path, maxBytes)
  if (contents !== undefined) return contents
  const { closeSync, constants, fstatSync, openSync, readFileSync } =
    process.getBuiltinModule('node:fs')
  // A named pipe in the place of a file would block the whole program until somebody writes.
  const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
  return unlessMissing(() => {
    const descriptor = openSync(path, readWithoutWaiting)
    try {
      const facts = fstatSync(descriptor)
      if (!facts.isFile()) throw notAFile(path)
      if (facts.size > maxBytes) throw new RangeError(`${path} is larger than ${maxBytes} bytes`)
      return { text: readFileSync(descriptor, 'utf8'), ownerUid: facts.uid }
    } finally {
      closeSync(descriptor)
    }
  })
}
