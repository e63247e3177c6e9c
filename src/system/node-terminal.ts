import { isatty } from 'node:tty'
import { wantsColour } from './colour.ts'
import { isInForeground } from './foreground.ts'
import { writeStderr, writeStdout } from './standard-streams.ts'
import type { Terminal } from './terminal.ts'

const stdinDescriptor = 0
const stdoutDescriptor = 1
const stderrDescriptor = 2

/** Of a terminal that does not say how wide it is. */
const usualWidth = 80

/** The real terminal. */
export const nodeTerminal: Terminal = {
  stdout: writeStdout,
  stderr: writeStderr,
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
