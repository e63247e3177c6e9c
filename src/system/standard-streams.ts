import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { writeBySystemCalls } from './system-calls.ts'

const stdoutDescriptor = 1
const stderrDescriptor = 2

/**
 * Writes a text to stdout, all of it. It goes to the descriptor directly: opening Node's streams costs more
 * than the whole rest of a cached `get-token`.
 *
 * @throws OidcLoginError `output_unwritable`
 */
export function writeStdout(text: string): void {
  try {
    writeAll(stdoutDescriptor, text)
  } catch (error) {
    throw outputUnwritable(error)
  }
}

/** Writes a line to stderr. A message that nobody can be shown must not end the sign-in. */
export function writeStderr(message: string): void {
  try {
    writeAll(stderrDescriptor, `${message}\n`)
  } catch {
    // stderr is where we would tell it.
  }
}

/** Writes all of a text to a descriptor: a pipe can take less, or nothing for the moment (EAGAIN). */
function writeAll(descriptor: number, text: string): void {
  // In a Bun executable, the class Buffer costs more than reading the session.
  let rest = new TextEncoder().encode(text)
  rest = rest.subarray(writeBySystemCalls(descriptor, rest))
  while (rest.length > 0) {
    const { writeSync } = process.getBuiltinModule('node:fs')
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** A caller that got no credential, or a part of one, must not be told that all went well. */
function outputUnwritable(error: unknown): OidcLoginError {
  const code = systemErrorCode(error) ?? 'unknown error'
  const isUnread = code === 'EPIPE'
  const why = isUnread ? 'the program that reads it has ended, EPIPE' : code
  return new OidcLoginError('output_unwritable', `stdout cannot be written (${why}).`, {
    hint: isUnread
      ? 'Let the program behind the pipe read to the end.'
      : 'Check the disk or the device that stdout goes to.',
    cause: error,
  })
}
