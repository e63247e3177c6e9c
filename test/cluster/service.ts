import { openSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BoundProcess, type Signal, startBound } from '../e2e/bound-process.ts'

/** A program of the cluster that runs until it is stopped. */
export interface Service {
  stop(): Promise<void>
  send(signal: Signal): void
  /** Waits until something is so. Rejects with the end of its log when the program ends before. */
  until(isReady: () => Promise<boolean>): Promise<void>
}

/** Two busy cores need a minute for what idle ones do in three seconds. */
const patienceMs = 180_000

/** Starts a program that logs into `<folder>/<its name>.log`, and ends when we end. */
export function startService(path: string, args: readonly string[], folder: string): Service {
  const name = basename(path)
  const log = join(folder, `${name}.log`)
  const program = startBound(path, args, {
    output: openSync(log, 'a', 0o600),
    // A proxy of the computer, or a kubeconfig, would lead out of the test.
    env: { PATH: process.env.PATH, HOME: folder },
  })
  return {
    stop: program.stop,
    send: program.send,
    async until(isReady) {
      const deadline = Date.now() + patienceMs
      while (!(await isReady().catch(() => false))) {
        const problem = problemOf(program, deadline)
        if (problem)
          throw new Error(`${name} ${problem}:\n${readFileSync(log, 'utf8').slice(-4000)}`)
        await sleep(50)
      }
    },
  }
}

function problemOf({ child }: BoundProcess, deadline: number): string | undefined {
  if (child.exitCode !== null) return `ended with ${child.exitCode}`
  return Date.now() > deadline ? 'is not ready' : undefined
}
