import { expect, test } from 'vitest'
import { kubeloginFlags } from '../kubelogin-flags.ts'
import { checkMigrationPage } from './migration-page.ts'

const flagRows = kubeloginFlags.map(({ name }) => `| \`--${name}\` | same |`)
const demandRows = Array.from({ length: 39 }, (_, index) => `| ${index + 1} | done |`)

function pageOf(flags: readonly string[], demands: readonly string[]): string {
  const flagTable = ['| flag | here |', '| --- | --- |', ...flags].join('\n')
  const demandTable = ['| # | here |', '| --- | --- |', ...demands].join('\n')
  return `# Page\n\n## Flags\n\n${flagTable}\n\n## Demands\n\n${demandTable}\n`
}

test('a page with every flag and every demand is good', () => {
  expect(checkMigrationPage(pageOf(flagRows, demandRows))).toEqual([])
})

test('a flag or a demand without a row is named', () => {
  const flags = flagRows.filter((row) => !row.includes('`--grant-type`'))
  const demands = demandRows.filter((row) => !row.startsWith('| 39 '))
  expect(checkMigrationPage(pageOf(flags, demands))).toEqual([
    'no row for the flag --grant-type',
    'no row for demand 39',
  ])
})

test('rows below another heading do not count', () => {
  const page = pageOf(flagRows, demandRows).replace('## Demands', '## Behaviour')
  expect(checkMigrationPage(page)).toHaveLength(39)
})
