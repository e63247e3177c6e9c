import { openSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { OidcLoginError } from '../errors.ts'
import type { Question } from './terminal.ts'

/** The two ends of the terminal that this process was started from; a POSIX one has one for both. */
interface Ends {
  readonly input: number
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
  const ends = open(platform)
  if (ends === undefined) return undefined
  const { output } = ends
  const input = new ReadStream(ends.input)
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
    input.destroy()
  }
}

function open(platform: NodeJS.Platform): Ends | undefined {
  try {
    if (platform === 'win32') {
      return {
        input: openSync('\\\\.\\CONIN$', 'r+'),
        output: openSync('\\\\.\\CONOUT$', 'r+'),
      }
    }
    const terminal = openSync('/dev/tty', 'r+')
    return { input: terminal, output: terminal }
  } catch {
    // A process without a terminal (a GUI, cron, CI) is refused with ENXIO or ENOENT.
    return undefined
  }
}

/** Takes characters until the line is complete. */
export type LineEditor = (text: string) => { readonly line: string } | undefined

async function readLine(
  input: ReadStream,
  signal: AbortSignal,
  edit: LineEditor,
): Promise<string | undefined> {
  return await new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    input.setEncoding('utf8')
    input.on('data', (text) => {
      try {
        const done = edit(String(text))
        if (done) resolve(done.line)
      } catch (error) {
        reject(error)
      }
    })
    input.once('end', () => resolve(undefined))
    // EIO: the terminal has gone, or belongs to another program now.
    input.once('error', () => resolve(undefined))
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
