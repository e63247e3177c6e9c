import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { checkProofs } from './proofs.ts'

const known = 'tools/check/proofs.test.ts › a reference to a test that exists is good'
const unknown = 'tools/check/proofs.test.ts › a test that nobody wrote'

function complaintsAbout(text: string): string[] {
  const page = join(temporaryFolder(), 'page.md')
  writeFileSync(page, text)
  return checkProofs([page])
}

test('a reference to a test that exists is good', () => {
  expect(complaintsAbout(`As \`${known}\` says, and \`tools/check/proofs.test.ts\`.`)).toEqual([])
  expect(complaintsAbout(`\`${known.replace('a reference', 'a\nreference')}\``)).toEqual([])
})

test('a reference to a test or a file that does not exist is a complaint', () => {
  expect(complaintsAbout(`\`${unknown}\``)).toEqual([expect.stringContaining('nobody wrote')])
  expect(complaintsAbout('`test/no-such.test.ts`')).toEqual([expect.stringContaining('no-such')])
})

test('`quoted`: a title with backticks stands between two of them', () => {
  const file = 'tools/check/proofs.test.ts'
  const title = '`quoted`: a title with backticks stands between two of them'
  expect(complaintsAbout(`\`\`${file} › ${title}\`\` and \`${known}\``)).toEqual([])
  expect(complaintsAbout(`\`\`${file} › \`quoted\`: another\`\``)).toHaveLength(1)
})

test('a room is no proof by itself', () => {
  const file = 'src/printable.test.ts'
  expect(complaintsAbout(`\`${file} › printable()\``)).toHaveLength(1)
  expect(complaintsAbout(`\`${file} › printable() › makes one line of many\``)).toEqual([])
})

test.each([
  [`\`${known}\``, 0],
  ['not here: nobody has asked for it', 0],
  ['not defended: it runs as the same user', 0],
  ['no test: nothing that a program could see', 0],
  ['', 1],
  ['of course', 1],
  ['not here:', 1],
  ['`tools/check/proofs.test.ts`', 1],
])('a row whose proof is "%s" gives %i complaints', (proof, count) => {
  const table = `| demand | proof |\n| --- | --- |\n| a browser | ${proof} |\n`
  expect(complaintsAbout(table)).toHaveLength(count)
})

test('rows of other tables need no proof', () => {
  expect(complaintsAbout('| a | b |\n| --- | --- |\n| 1 | 2 |\n')).toEqual([])
})
