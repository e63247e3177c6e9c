import { expect } from 'vitest'
import { type ErrorCode, OidcLoginError } from '../../../src/errors.ts'
import type { PluginResult } from '../../world/plugin.ts'

/** How a failure shows itself outside. */
export interface Failure {
  readonly code: ErrorCode
  /** What happened: the whole sentence after `error: `. */
  readonly says: RegExp
  /** What to do: the whole last line; nothing when there is no hint. */
  readonly hint?: RegExp
}

/**
 * Expects that a run with `-v1` failed with an error: its code in the trace, its exit code, and the
 * two sentences for the user as the last words on stderr; nothing on stdout.
 */
export function expectFailure(result: PluginResult, failure: Failure): void {
  expect(result.stderr).toContain(` failed with the error ${failure.code}\n`)
  expectLastWords(result, failure)
}

/** The same without the trace: for a failure that comes before `-v` is read. */
export function expectLastWords(result: PluginResult, { code, says, hint }: Failure): void {
  const { exitCode, stdout, stderr } = result
  const lines = stderr.replace(/\n$/, '').split('\n')
  const last = lines.findLastIndex((line) => line.startsWith('error: '))
  const [sentence = '', advice = '', ...more] = lines.slice(last)
  expect(sentence).toMatch(whole(new RegExp(`error: (?:${says.source})`)))
  if (hint) expect(advice).toMatch(whole(hint))
  else expect(advice).toBe('')
  expect(more).toEqual([])
  expect({ exitCode, stdout }).toEqual({
    exitCode: new OidcLoginError(code, '').exitCode,
    stdout: '',
  })
}

function whole(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`)
}
