import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'

/** A running contender. */
export interface Contender {
  readonly pid: number
  /** Resolves when stdout has got `count` more lines; rejects when the process ends before. */
  lines(count?: number): Promise<void>
  /** Resolves when stderr holds `text`; rejects when the process ends before. */
  errorText(text: string): Promise<void>
  /** Writes a line to stdin. */
  tell(line: string): void
  /** Ends stdin. */
  endInput(): void
  signal(signal: NodeJS.Signals): void
  /** How it ended: its exit code or the name of the signal, and what it wrote to stderr. */
  readonly ended: Promise<Ending>
}

/** How a contender ended. */
export interface Ending {
  readonly status: number | NodeJS.Signals | null
  readonly stderr: string
}

/**
 * Bundles the program once, so that each process starts fast.
 *
 * @returns starts a contender with arguments; it is killed when the test ends
 */
export async function contenders(folder: string): Promise<(...args: string[]) => Contender> {
  const bundle = join(folder, 'contender.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('contender.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@napi-rs/keyring'],
    logLevel: 'error',
  })
  const running = new Set<ChildProcessWithoutNullStreams>()
  onTestFinished(async () => {
    const endings = [...running].map((child) => once(child, 'exit'))
    for (const child of running) child.kill('SIGKILL')
    await Promise.all(endings)
  })
  return (...args) => start(running, [bundle, ...args])
}

function start(running: Set<ChildProcessWithoutNullStreams>, args: string[]): Contender {
  const child = spawn(process.execPath, args)
  running.add(child)
  child.once('exit', () => running.delete(child))
  // A process that was killed does not read what it is told.
  child.stdin.on('error', () => {})
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  let unread = 0
  child.stdout.on('data', (chunk) => {
    unread += String(chunk).split('\n').length - 1
  })
  let isClosed = false
  const ended = once(child, 'close').then(([code, signal]) => {
    isClosed = true
    return { status: code ?? signal, stderr }
  })
  const untilOutput = async (stream: Readable, isEnough: () => boolean): Promise<void> => {
    while (!isEnough()) {
      if (isClosed) throw new Error(`a contender ended early: ${stderr}`)
      await Promise.race([once(stream, 'data'), ended])
    }
  }
  return {
    pid: child.pid ?? 0,
    async lines(count = 1) {
      await untilOutput(child.stdout, () => unread >= count)
      unread -= count
    },
    errorText: (text) => untilOutput(child.stderr, () => stderr.includes(text)),
    tell: (line) => void child.stdin.write(`${line}\n`),
    endInput: () => void child.stdin.end(),
    signal: (signal) => void child.kill(signal),
    ended,
  }
}
