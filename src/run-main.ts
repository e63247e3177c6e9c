import { type ExitCode, exitCodes, OidcLoginError } from './errors.ts'
import { reportError } from './report-error.ts'
import { nodeSystem, type System } from './system/index.ts'

/**
 * What both programs do around their commands: build the System, run, and say in one place how it failed.
 *
 * @param signals the first of them aborts `System.interrupted`; the second one ends the process at once,
 *   as it always did
 * @param run runs the command
 * @returns the exit code of the process
 */
export async function runMain(
  signals: readonly NodeJS.Signals[],
  run: (system: System) => Promise<void>,
): Promise<ExitCode> {
  const system = nodeSystem(interruption(signals))
  try {
    await run(system)
    return exitCodes.ok
  } catch (error) {
    return reportError(error, system.terminal.stderr)
  }
}

function interruption(signals: readonly NodeJS.Signals[]): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    controller.abort(new OidcLoginError('interrupted', 'Interrupted.'))
  }
  for (const signal of signals) process.once(signal, interrupt)
  return controller.signal
}
