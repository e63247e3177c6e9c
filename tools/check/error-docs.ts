import { readFileSync } from 'node:fs'
import { errorCodes, OidcLoginError } from '../../src/errors.ts'

/**
 * Checks that `docs/errors.md` has one row for every error code, with its true exit code, and no row
 * for a code that does not exist.
 *
 * @returns complaints, empty when all is well
 */
export function checkErrorDocs(path = 'docs/errors.md'): string[] {
  const rows = readFileSync(path, 'utf8').matchAll(/^\| `(\w+)` \| (\d+) \|/gm)
  const documented = new Map([...rows].map((row) => [row[1] ?? '', Number(row[2])]))
  const complaints = errorCodes.flatMap((code) => {
    const exitCode = documented.get(code)
    if (exitCode === undefined) return [`${path} does not list the error ${code}`]
    const actual = new OidcLoginError(code, '').exitCode
    return exitCode === actual ? [] : [`${path}: ${code} ends with ${actual}, not ${exitCode}`]
  })
  const known: ReadonlySet<string> = new Set(errorCodes)
  const unknown = [...documented.keys()].filter((code) => !known.has(code))
  return [...complaints, ...unknown.map((code) => `${path} lists ${code}, which does not exist`)]
}
