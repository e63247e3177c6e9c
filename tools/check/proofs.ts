import { existsSync, readFileSync } from 'node:fs'
import { tablesOf } from './markdown.ts'
import { isMeant, testTitles } from './test-titles.ts'

/**
 * How a page names a test: `` `test/integration/refresh.test.ts › its title` ``, with two backticks
 * around a title that has some.
 */
const reference = /(`{1,2})((?:src|test|tools)\/[\w./-]+\.test\.ts)(?: › (.+?))?\1(?!`)/gs

/** What a row says in the place of a test. */
const reason = /^(?:not here|not defended|no test): \S.{9,}/

/**
 * Checks that every test that a page names exists, and that every row of a table whose last column is
 * called "proof" names a test, or gives a reason that begins with "not here:", "not defended:" or
 * "no test:".
 *
 * @param pages paths of the pages
 * @returns complaints, empty when all is well
 */
export function checkProofs(pages: readonly string[]): string[] {
  return pages.flatMap((page) => {
    const text = readFileSync(page, 'utf8')
    return [...checkReferences(page, text), ...checkRows(page, text)]
  })
}

function checkReferences(page: string, text: string): string[] {
  return [...text.matchAll(reference)].flatMap(([, , file = '', title]) => {
    if (!existsSync(file)) return [`${page} names ${file}, which does not exist`]
    if (title === undefined) return []
    const source = readFileSync(file, 'utf8')
    const titles = testTitles(source)
    const parts = title.replaceAll(/\s+/g, ' ').split(' › ')
    return parts
      .filter((part, index) => {
        const kind = index === parts.length - 1 ? 'test' : 'room'
        return !titles.some((one) => one.kind === kind && isMeant(one.text, part, source))
      })
      .map((part) => `${page} names a test that ${file} does not have: ${part}`)
  })
}

function checkRows(page: string, text: string): string[] {
  return tablesOf(text)
    .filter(({ header }) => header.at(-1) === 'proof')
    .flatMap(({ rows }) => rows)
    .filter(({ cells }) => !isProof(cells.at(-1) ?? ''))
    .map(({ line, cells }) => `${page}:${line} proves nothing: ${cells[0]}`)
}

function isProof(cell: string): boolean {
  const named = [...cell.matchAll(reference)].some(([, , , title]) => title !== undefined)
  return named || reason.test(cell)
}
