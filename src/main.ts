import { runProgram } from './commands/index.ts'
import type { ExitCode } from './errors.ts'
import { runMain } from './run-main.ts'

/**
 * Runs the plugin.
 *
 * @param args command line without the program's own name
 * @returns the exit code of the process
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  return await runMain(['SIGINT', 'SIGTERM', 'SIGHUP'], async (system) => {
    await runProgram(system, args)
  })
}
