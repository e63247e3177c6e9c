import type { ExitCode } from '../errors.ts'
import { runMain } from '../run-main.ts'
import { runGatewayProgram } from './commands/index.ts'

/**
 * Runs the gateway's program; a signal lets what is under way end first.
 *
 * @param args command line without the program's own name
 * @returns the exit code of the process
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  return await runMain(['SIGINT', 'SIGTERM'], async (system) => {
    await runGatewayProgram({ ...system, auditStream: process.stdout }, args)
  })
}
