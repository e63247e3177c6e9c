import { describeUnexpected, type ExitCode, exitCodes, OidcLoginError } from './errors.ts'

/**
 * Says how a program failed, and what to do.
 *
 * @param say writes a line for people
 * @returns the exit code of the process
 */
export function reportError(error: unknown, say: (line: string) => void): ExitCode {
  if (error instanceof OidcLoginError) {
    say(`error: ${error.message}`)
    if (error.hint) say(error.hint)
    return error.exitCode
  }
  // An error that nobody expected may quote anything, a token included: only its kind and place are shown.
  say(`error: An unexpected error occurred (${describeUnexpected(error)}).`)
  say('Please report it with the command that you ran and the version.')
  return exitCodes.unexpected
}
