/** A title in a test file. */
export interface TestTitle {
  /** Whether it is of `describe`, or of `test` or `it`. */
  readonly kind: 'room' | 'test'
  /** The text, placeholders of `each` as they are written. */
  readonly text: string
}

const literal =
  /(?:\b(?:test|it|describe)(?:\.\w+)*(?:<[^(]*>)?|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g

/** The titles in the source of a test file. */
export function testTitles(source: string): TestTitle[] {
  return [...source.matchAll(literal)].map((match) => {
    const before = source.slice(0, match.index + match[0].indexOf('('))
    const caller = [...before.matchAll(/\b(?:test|it|describe)(?=[.(<]|$)/g)].at(-1)?.[0]
    return {
      kind: caller === 'describe' ? 'room' : 'test',
      text: (match[2] ?? '').replaceAll(/\\(['"`\\$])/g, '$1'),
    }
  })
}

/** What vitest replaces in the titles of `each`, and JavaScript in those of a loop. */
const placeholder = /%[sdifjoO#%]|\$\{[^}]*\}|\$[\w.]+/

/**
 * Says whether a title is meant by a reference. Where the title has a placeholder, the reference has
 * the text of one case, which must stand somewhere in the file. A reference may end with `…` in the
 * place of the rest of a title.
 *
 * @param title text of a title
 * @param reference one part between `›`
 * @param source the whole test file
 */
export function isMeant(title: string, reference: string, source: string): boolean {
  if (title === reference) return true
  if (reference.endsWith('…')) return title.startsWith(reference.slice(0, -1).trimEnd())
  const parts = title.split(placeholder)
  if (parts.length === 1) return false
  const cases = new RegExp(`^${parts.map(escaped).join('(.+)')}$`).exec(reference)
  return cases?.slice(1).every((text) => source.includes(text.replace(/^"(.*)"$/, '$1'))) ?? false
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
