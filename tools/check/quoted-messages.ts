import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tablesOf } from './markdown.ts'

/**
 * Checks that the messages which a page quotes in the first column of its tables are said somewhere.
 * `…` stands for what differs. What is said by another program is followed by "from" and its name.
 *
 * @param page path of the page
 * @param root the folder `src`
 * @returns complaints, empty when all is well
 */
export function checkQuotedMessages(page: string, root: string): string[] {
  const source = sourceBelow(root)
  return tablesOf(readFileSync(page, 'utf8'))
    .flatMap(({ rows }) => rows)
    .map(({ cells }) => cells[0] ?? '')
    .filter((cell) => !/` from \w+$/.test(cell))
    .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
    .flatMap((message) => message.split('…').map((part) => part.trim()))
    .filter((part) => !source.includes(part))
    .map((part) => `${page} quotes what is never said: ${part}`)
}

function sourceBelow(root: string): string {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n')
}
