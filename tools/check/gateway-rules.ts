import { stricterRows } from '../docs/stricter.ts'
import { tablesOf } from './markdown.ts'

/** How many rules of security the gateway has, by their letter. */
const rules: Readonly<Record<string, number>> = {
  A: 26,
  B: 15,
  C: 29,
  D: 8,
  E: 11,
  F: 13,
  G: 7,
  H: 13,
}

/**
 * Checks that a page has one row with a proof for each rule of security, and the differences to
 * kube-apiserver as the program knows them.
 *
 * @param page the text of docs/security.md
 * @returns complaints, empty when all is well
 */
export function checkGatewayRules(page: string): string[] {
  const rows = tablesOf(page)
    .filter(({ header }) => header[0] === 'rule' && header.at(-1) === 'proof')
    .flatMap((table) => table.rows.map(({ cells }) => cells[0]))
  const wanted = Object.entries(rules).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  )
  const lines = page.split('\n')
  return [
    ...wanted
      .filter((rule) => rows.filter((row) => row === rule).length !== 1)
      .map((rule) => `docs/security.md needs one row with a proof for the rule ${rule}`),
    ...rows.filter((row) => !wanted.includes(row ?? '')).map((row) => `there is no rule ${row}`),
    ...stricterRows()
      .filter((row) => !lines.includes(row))
      .map((row) => `docs/security.md lacks the line ${row}`),
  ]
}
