import { openSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { OidcLoginError } from '../errors.ts'
import type { Question } from './terminal.ts'

/** The two ends of the terminal that this process was started from; a POSIX one has one for both. */
interface Ends {
  readonly input: ReadStream
  /** File descriptor. */
  readonly output: number
}

/**
 * Asks a question on the controlling terminal, whatever stdin, stdout and stderr are.
 *
 * @param platform in Node's names
 * @returns what was typed, without the line's end; undefined when there is no terminal, or when it
 *   was closed
 * @throws OidcLoginError `interrupted` when Ctrl-C is typed while nothing is shown
 * @throws the signal's reason when it is aborted
 */
export async function askOnTerminal(
  platform: NodeJS.Platform,
  question: Question,
): Promise<string | undefined> {
  question.signal.throwIfAborted()
  terminal ??= open(platform)
  if (terminal === undefined) return undefined
  const { input, output } = terminal
  try {
    writeSync(output, question.text)
    if (!question.isHidden) return await readLine(input, question.signal, plainLine())
    input.setRawMode(true)
    return await readLine(input, question.signal, hiddenLine())
  } finally {
    if (question.isHidden) {
      input.setRawMode(false)
      writeSync(output, '\n')
    }
    input.pause()
  }
}

/** Kept from question to question: in Bun a stream that was closed takes what is typed for the next one. */
let terminal: Ends | undefined

function open(platform: NodeJS.Platform): Ends | undefined {
  try {
    if (platform === 'win32') {
      return {
        input: reader(openSync('\\\\.\\CONIN$', 'r+')),
        output: openSync('\\\\.\\CONOUT$', 'r+'),
      }
    }
    const descriptor = openSync('/dev/tty', 'r+')
    return { input: reader(descriptor), output: descriptor }
  } catch {
    // A process without a terminal (a GUI, cron, CI) is refused with ENXIO or ENOENT.
    return undefined
  }
}

/** One that has failed (EIO: the terminal has gone, or belongs to another program now) is not used again. */
function reader(descriptor: number): ReadStream {
  const forget = (): void => {
    terminal = undefined
  }
  return new ReadStream(descriptor).on('error', forget).on('end', forget)
}

/** Takes characters until the line is complete. */
export type LineEditor = (text: string) => { readonly line: string } | undefined

async function readLine(
  input: ReadStream,
  signal: AbortSignal,
  edit: LineEditor,
): Promise<string | undefined> {
  input.setEncoding('utf8')
  return await new Promise<string | undefined>((resolve, reject) => {
    const settle = (action: () => void) => (): void => {
      input.off('data', hear).off('end', goneBy).off('error', goneBy)
      signal.removeEventListener('abort', abort)
      action()
    }
    const hear = (text: unknown): void => {
      try {
        const done = edit(String(text))
        if (done) settle(() => resolve(done.line))()
      } catch (error) {
        settle(() => reject(error))()
      }
    }
    const goneBy = settle(() => resolve(undefined))
    const abort = settle(() => reject(signal.reason))
    signal.addEventListener('abort', abort, { once: true })
    input.on('data', hear).on('end', goneBy).on('error', goneBy).resume()
  })
}

/** The terminal itself shows what is typed, corrects it, and hands over whole lines. */
function plainLine(): LineEditor {
  let typed = ''
  return (text) => {
    typed += text
    const end = typed.search(/[\r\n]/)
    return end < 0 ? undefined : { line: typed.slice(0, end) }
  }
}

const ctrlC = '\u0003'
const ctrlD = '\u0004'
const ctrlU = '\u0015'
const backspaces: ReadonlySet<string> = new Set(['\b', '\u007f'])

/** Nothing is shown, so the keys that the terminal would interpret are interpreted here. */
export function hiddenLine(): LineEditor {
  let typed: string[] = []
  return (text) => {
    for (const character of text) {
      if (character === ctrlC) throw new OidcLoginError('interrupted', 'Interrupted.')
      if (character === '\r' || character === '\n' || character === ctrlD) {
        return { line: typed.join('') }
      }
      if (character === ctrlU) typed = []
      else if (backspaces.has(character)) typed.pop()
      else typed.push(character)
    }
    return undefined
  }
}
