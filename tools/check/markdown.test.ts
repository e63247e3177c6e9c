import { expect, test } from 'vitest'
import { anchorsOf, tablesOf, withoutCodeBlocks } from './markdown.ts'

test('tables are read with their heading, header and line numbers', () => {
  const page =
    '# A\n\n| x | y |\n| --- | :-: |\n| 1 | a \\| b |\n\n## B ##\n\n| z |\n|---|\n| 2 |\n'
  expect(tablesOf(page)).toEqual([
    { heading: 'A', header: ['x', 'y'], rows: [{ line: 5, cells: ['1', 'a \\| b'] }] },
    { heading: 'B ##', header: ['z'], rows: [{ line: 11, cells: ['2'] }] },
  ])
})

test('code blocks hold no tables and no headings', () => {
  const page = '# A\n```sh\n# comment\n| no | table |\n| --- | --- |\n```\n~~~\n# B\n~~~\n'
  expect(tablesOf(page)).toEqual([])
  expect([...anchorsOf(page)]).toEqual(['a'])
  expect(withoutCodeBlocks(page).split('\n')).toHaveLength(page.split('\n').length)
})

test('anchors are made as GitHub makes them', () => {
  const page = "# `get-token`: what's new?\n## Übung 2\n## [Linked](x.md) text\n## Übung 2\n"
  expect([...anchorsOf(page)]).toEqual([
    'get-token-whats-new',
    'übung-2',
    'linked-text',
    'übung-2-1',
  ])
})
