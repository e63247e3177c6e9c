import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { checkLinks } from './links.ts'

function complaintsAbout(text: string): string[] {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'docs'))
  writeFileSync(join(folder, 'docs', 'other.md'), '# Other\n\n## Part two\n')
  const page = join(folder, 'README.md')
  writeFileSync(page, `# Page\n\n${text}\n`)
  return checkLinks([page])
}

test.each([
  '[web](https://example.com/#nowhere)',
  '[mail](mailto:john@example.com)',
  '[file](docs/other.md)',
  '[folder](docs)',
  '[heading](docs/other.md#part-two)',
  '[here](#page)',
  '[titled](docs/other.md "a title")',
  '`[code](missing.md)`',
  '```\n[code](missing.md)\n```',
  '[reference][r]\n\n[r]: docs/other.md#other',
])('%s is a good link', (text) => {
  expect(complaintsAbout(text)).toEqual([])
})

test.each([
  '[file](docs/missing.md)',
  '[heading](docs/other.md#part-three)',
  '[here](#nowhere)',
  '[of a folder](docs#other)',
  '[reference][r]\n\n[r]: missing.md',
])('%s is a bad link', (text) => {
  expect(complaintsAbout(text)).toHaveLength(1)
})
