import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes } from '../../src/errors.ts'

/** A title: a text that begins with an error code in backticks. */
const title = /['"]`(\w+)`/g

/**
 * Checks that every error code is provoked by a test of the built program, whose title begins with
 * the code in backticks.
 *
 * @param root folder of the integration tests
 * @returns complaints, empty when all is well
 */
export function checkErrorTests(root = 'test/integration'): string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const titles = files
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => [...readFileSync(join(root, name), 'utf8').matchAll(title)])
  const proven: ReadonlySet<string> = new Set(titles.map((match) => match[1] ?? ''))
  return errorCodes
    .filter((code) => !proven.has(code))
    .map(
      (code) =>
        `no test below ${root} provokes ${code}: its title must begin with \`${code}\`, as those in ${root}/errors do`,
    )
}
