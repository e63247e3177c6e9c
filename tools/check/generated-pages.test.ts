import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { checkGeneratedPages } from './generated-pages.ts'

test('a page that is as the source gives it is good, with line ends of any kind', () => {
  const path = join(temporaryFolder(), 'cli.md')
  writeFileSync(path, 'a\r\nb\r\n')
  expect(checkGeneratedPages([{ path, text: 'a\nb\n' }])).toEqual([])
})

test('a page that is missing or older names the remedy', () => {
  const path = join(temporaryFolder(), 'cli.md')
  const page = { path, text: 'new' }
  expect(checkGeneratedPages([page])).toEqual([expect.stringContaining('npm run docs')])
  writeFileSync(path, 'old')
  expect(checkGeneratedPages([page])).toEqual([expect.stringContaining(path)])
})
