import { existsSync, readFileSync } from 'node:fs'
import type { GeneratedPage } from '../docs/generated-pages.ts'

/**
 * Checks that the pages on disk are what the source gives today.
 *
 * @returns complaints, empty when all is well
 */
export function checkGeneratedPages(pages: readonly GeneratedPage[]): string[] {
  return pages
    .filter(({ path, text }) => !existsSync(path) || readPage(path) !== text)
    .map(({ path }) => `${path} is not what the source gives; run "npm run docs"`)
}

/** git may have written CRLF on Windows. */
function readPage(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
}
