import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** How a run of kubectl ended. */
export interface KubectlResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run of kubectl that is under way. */
export interface KubectlRun {
  readonly child: ChildProcess
  /** What stdout holds so far. */
  stdout(): string
  /** What stderr holds so far. */
  stderr(): string
  /** Waits until stdout matches. Rejects when kubectl ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<KubectlResult>
}

/** What is run. */
export interface KubectlCommand {
  /** Path of a program with the name `kubectl`. */
  readonly program: string
  readonly args: readonly string[]
  /** Added to the environment. */
  readonly environment: Readonly<Record<string, string>>
  /** What kubectl reads; nothing by default. With `open`, whatever is written to the child. */
  readonly stdin?: string | { readonly open: true }
}

/** Starts kubectl; it is killed when the running test ends. */
export function startKubectl(command: KubectlCommand): KubectlRun {
  const { program, args, environment, stdin = '' } = command
  const child = spawn(program, args, { env: { ...process.env, ...environment } })
  onTestFinished(() => void child.kill('SIGKILL'))
  // kubectl need not read what it is given.
  child.stdin.on('error', () => undefined)
  if (typeof stdin === 'string') child.stdin.end(stdin)
  let stdout = ''
  let stderr = ''
  let hasEnded = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<KubectlResult>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => {
      hasEnded = true
      done({ exitCode, stdout, stderr })
    })
  })
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(stdout)
        if (found) return found
        if (hasEnded) throw new Error(`kubectl ended:\n${stdout}${stderr}`)
        await sleep(20)
      }
    },
    ended,
  }
}
