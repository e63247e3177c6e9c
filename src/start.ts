import { cachedCredential } from './commands/index.ts'
import { type ExitCode, exitCodes } from './errors.ts'
import { reportError } from './report-error.ts'
import {
  compileFromNowOn,
  nodeProcess,
  readBounded,
  writeStderr,
  writeStdout,
} from './system/index.ts'

/**
 * Runs the plugin: answers from the cache what can be answered from there, and loads the whole program only
 * for the rest.
 *
 * @param args command line without the program's own name
 * @returns the exit code of the process
 */
export async function start(args: readonly string[]): Promise<ExitCode> {
  const line = cachedLine(args)
  if (line === undefined) {
    compileFromNowOn()
    const { main } = await import('./main.js')
    return await main(args)
  }
  try {
    writeStdout(line)
    return exitCodes.ok
  } catch (error) {
    return reportError(error, writeStderr)
  }
}

function cachedLine(args: readonly string[]): string | undefined {
  const { env } = process
  try {
    return cachedCredential(
      { clock: { now: Date.now }, env, files: { read: readBounded }, process: nodeProcess() },
      args,
    )
  } catch {
    // The whole program meets the same error, and knows how to tell it.
    return undefined
  }
}
