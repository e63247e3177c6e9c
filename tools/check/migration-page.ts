import { kubeloginFlags } from '../kubelogin-flags.ts'
import { tablesOf } from './markdown.ts'

/** How many demands of kubelogin's users the page answers. */
const demands = 39

/**
 * Checks that the page about kubelogin has a row for each of its flags, below the heading "Flags",
 * and for each demand of its users, by number, below the heading "Demands".
 *
 * @param page text of `docs/migrating-from-kubelogin.md`
 * @returns complaints, empty when all is well
 */
export function checkMigrationPage(page: string): string[] {
  const flags = firstCells(page, 'Flags').flatMap((cell) =>
    [...cell.matchAll(/`--([\w-]+)`/g)].map((match) => match[1] ?? ''),
  )
  const numbers = firstCells(page, 'Demands').map(Number)
  return [
    ...kubeloginFlags
      .filter(({ name }) => !flags.includes(name))
      .map(({ name }) => `no row for the flag --${name}`),
    ...Array.from({ length: demands }, (_, index) => index + 1)
      .filter((number) => !numbers.includes(number))
      .map((number) => `no row for demand ${number}`),
  ]
}

function firstCells(page: string, heading: string): string[] {
  return tablesOf(page)
    .filter((table) => table.heading === heading)
    .flatMap(({ rows }) => rows.map(({ cells }) => cells[0] ?? ''))
}
