import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { pluginCommand } from './plugin-command.ts'
import { secretsIn } from './secrets.ts'

/** Whether this computer has `script` of util-linux, which gives a program a terminal. */
export const hasPseudoTerminal: boolean =
  process.platform === 'linux' &&
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true

/** How a run with a terminal ended. */
export interface TerminalResult {
  readonly exitCode: number | null
  readonly stdout: string
  /** What the terminal showed: questions, echoed input, and stderr when it was left there. */
  readonly screen: string
}

/** How the plugin is run. */
export interface TerminalOptions {
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  /** Where stdin comes from; the terminal by default. */
  readonly stdin?: string
  /** The program; the plugin by default. */
  readonly program?: string
  /** Whether stdout is the terminal, too. */
  readonly isStdoutShown?: boolean
}

/** A run of the plugin that a person watches and types into. */
export interface TerminalRun {
  /** Waits until the screen shows something. */
  shows(pattern: RegExp): Promise<RegExpExecArray>
  /** Types keys. */
  type(keys: string): void
  readonly ended: Promise<TerminalResult>
}

/**
 * Runs a built program with a terminal of its own; stdout goes to a file, as kubectl's pipe would
 * take it.
 */
export function startOnTerminal(args: readonly string[], options: TerminalOptions): TerminalRun {
  const stdoutPath = join(options.home, 'stdout')
  const command = [
    ...(options.program ? [process.execPath, options.program] : pluginCommand),
    ...args,
  ]
    .map(quote)
    .join(' ')
  const stdin = options.stdin === undefined ? '' : ` < ${quote(options.stdin)}`
  const stdout = options.isStdoutShown ? '' : ` > ${quote(stdoutPath)}`
  if (options.isStdoutShown) writeFileSync(stdoutPath, '')
  const line = `exec ${command}${stdin}${stdout}`
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: options.home, TERM: 'xterm', ...options.env },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
  })
  let hasEnded = false
  const ended = new Promise<TerminalResult>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => {
      hasEnded = true
      // A code that is typed is shown, as everything is that is not asked for in secret.
      const shown = secretsIn(screen).filter((name) => name !== 'code')
      if (shown.length > 0) return fail(new Error(`the terminal showed: ${shown.join(', ')}`))
      done({ exitCode, stdout: readFileSync(stdoutPath, 'utf8'), screen })
    })
  })
  return {
    ended,
    type: (keys) => child.stdin.write(keys),
    async shows(pattern) {
      for (;;) {
        const found = pattern.exec(screen)
        if (found) return found
        expect(hasEnded, `the plugin ended:\n${screen}`).toBe(false)
        await new Promise((wake) => setTimeout(wake, 10))
      }
    },
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
