import { describeUnexpected, type ExitCode, exitCodes, OidcLoginError } from '../errors.ts'
import { nodeSystem, type System } from '../system/index.ts'
import { runGatewayProgram } from './commands/index.ts'

/**
 * Runs the gateway's program: builds the System, runs the command, and says in one place how it failed.
 *
 * @param args command line without the program's own name
 * @returns the exit code of the process
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const system = { ...nodeSystem(interruption()), auditStream: process.stdout }
  try {
    await runGatewayProgram(system, args)
    return exitCodes.ok
  } catch (error) {
    return report(system, error)
  }
}

/** Aborted at the first signal, which begins a drain; the second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    controller.abort(new OidcLoginError('interrupted', 'Interrupted.'))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  return controller.signal
}

function report(system: System, error: unknown): ExitCode {
  if (error instanceof OidcLoginError) {
    system.terminal.stderr(`error: ${error.message}`)
    if (error.hint) system.terminal.stderr(error.hint)
    return error.exitCode
  }
  // An error that nobody expected may quote anything, a token included: only its kind and place are shown.
  system.terminal.stderr(`error: An unexpected error occurred (${describeUnexpected(error)}).`)
  return exitCodes.unexpected
}
