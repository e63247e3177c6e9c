import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { wantsColour } from './colour.ts'
import { isInForeground } from './foreground.ts'
import type { Terminal } from './terminal.ts'

const stdinDescriptor = 0
const stdoutDescriptor = 1
const stderrDescriptor = 2

/** Of a terminal that does not say how wide it is. */
const usualWidth = 80

/**
 * The real terminal. It writes to the descriptors directly: opening Node's streams costs more than
 * the whole rest of a cached `get-token`.
 */
export const nodeTerminal: Terminal = {
  stdout(text) {
    try {
      writeAll(stdoutDescriptor, text)
    } catch (error) {
      throw outputUnwritable(error)
    }
  },
  stderr(message) {
    try {
      writeAll(stderrDescriptor, `${message}\n`)
    } catch {
      // A message that nobody can be shown must not end the sign-in.
    }
  },
  get isInteractive() {
    return isatty(stdinDescriptor) && isInForeground()
  },
  get screenWidth() {
    // Node's stream is asked only here: opening it costs more than a cached get-token.
    return isatty(stderrDescriptor) ? process.stderr.columns || usualWidth : undefined
  },
  get isStdoutColoured() {
    return wantsColour(process.env, isatty(stdoutDescriptor))
  },
  async *lines(signal) {
    const { createInterface } = await import('node:readline')
    const lines = createInterface({ input: process.stdin, signal })
    // Ctrl-Z and `bg`: whoever goes on in the background must not read any more.
    const continued = (): void => {
      if (isInForeground()) lines.resume()
      else lines.pause()
    }
    process.on('SIGCONT', continued)
    try {
      yield* lines
    } finally {
      process.off('SIGCONT', continued)
      lines.close()
      process.stdin.pause()
      process.stdin.unref?.()
    }
  },
  async ask(question) {
    const { askOnTerminal } = await import('./node-prompt.ts')
    return await askOnTerminal(process.platform, question)
  },
}

/** A pipe can take less than we have, or nothing for the moment (EAGAIN). */
function writeAll(descriptor: number, text: string): void {
  let rest: Uint8Array = Buffer.from(text, 'utf8')
  while (rest.length > 0) {
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
