import { spawn } from 'node:child_process'
import type { Stage } from './stage.ts'

/** How a command of the demo ended. */
export interface Shown {
  readonly exitCode: number | null
  /** stdout and stderr as they came. */
  readonly output: string
  readonly stdout: string
}

/** Prints a command, runs it, and prints what it prints. `isQuiet` keeps its stdout to itself. */
export async function show(
  stage: Pick<Stage, 'environment'>,
  title: string,
  command: string,
  args: readonly string[],
  isQuiet = false,
): Promise<Shown> {
  console.log(`\n$ ${title}`)
  const startedAt = performance.now()
  const child = spawn(command, args, {
    stdio: ['inherit', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, ...stage.environment },
  })
  let output = ''
  let stdout = ''
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
    stdout += data.toString()
    if (!isQuiet) process.stdout.write(data)
  })
  child.stderr.on('data', (data: Buffer) => {
    output += data.toString()
    process.stderr.write(data)
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  console.log(`(exit code ${exitCode}, ${Math.round(performance.now() - startedAt)} ms)`)
  return { exitCode, output, stdout }
}
