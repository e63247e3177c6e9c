import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ExpressionLanguage } from './expression-language.ts'
import { decodeFile } from './index.ts'

const page = readFileSync('docs/gateway-configuration.md', 'utf8')

const language: ExpressionLanguage = {
  faultOf: () => undefined,
  selectsClaim: () => false,
  usesClaim: () => false,
  usesAllClaims: () => false,
  tryOut: () => undefined,
}

/** Names that the decoder knows at a place, as it tells whoever writes one that it does not know. */
function fieldsAt(section: string | undefined): readonly string[] {
  const unknown = '{thereIsNoSuchField: 1}'
  const fields = (section ?? '').split('.').filter((name) => name !== '')
  const wrapped = fields.reduceRight((inner, name) => `{${name}: ${inner}}`, unknown)
  const text = `{apiVersion: oidc-gateway/v1alpha1, kind: GatewayConfiguration, ${wrapped.slice(1)}`
  const { problems } = decodeFile('gateway.yaml', text, { language, readText: () => undefined })
  const known = problems.map(({ message }) => /Known are (.*)\.$/.exec(message)?.[1])
  return known.find((names) => names !== undefined)?.split(', ') ?? []
}

/** The rows of the table whose first cell is about a section. */
function rowsOf(section: string): string {
  const rows = page.split('\n').filter((line) => line.startsWith('|'))
  return rows.filter((row) => row.split('|')[1]?.includes(`\`${section}`)).join('\n')
}

const sections = fieldsAt(undefined).filter((name) => !['apiVersion', 'kind'].includes(name))

test('the decoder tells its fields', () => {
  expect(sections).toContain('listen')
  const plain = sections.filter((section) => fieldsAt(section).length === 0)
  expect(plain).toEqual(['authentication', 'workers', 'acknowledge'])
})

test.each([...sections, 'upstream.renewal'])(
  'every field of %s stands in the documentation',
  (section) => {
    expect(page).toContain(section)
    const rows = rowsOf(section)
    const missing = fieldsAt(section).filter(
      (field) => !rows.includes(`\`${section}.${field}\``) && !rows.includes(`\`${field}\``),
    )
    expect(missing).toEqual([])
  },
)
