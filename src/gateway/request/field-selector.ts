/**
 * The value that a field selector demands of `metadata.name`, as `fields.ParseSelector` and
 * `RequiresExactMatch` find it (k8s.io/apimachinery pkg/fields/selector.go); undefined when it demands
 * none or cannot be parsed.
 */
export function selectedName(selector: string): string | undefined {
  let found: string | undefined
  for (const term of termsOf(selector)) {
    const parsed = parseTerm(term)
    if (parsed === undefined) return undefined
    if (parsed.isEqual && parsed.field === 'metadata.name') found ??= parsed.value
  }
  return found
}

/** Split at each comma that is not escaped; empty terms do not count. */
function termsOf(selector: string): string[] {
  return selector.match(/(?:\\[\s\S]?|[^\\,])+/g) ?? []
}

interface Term {
  readonly field: string
  readonly value: string
  readonly isEqual: boolean
}

function parseTerm(term: string): Term | undefined {
  const match = /^([^=!]*?)(!=|==|=)([\s\S]*)$/.exec(term)
  const [, field = '', operator = '', written = ''] = match ?? []
  const value = unescaped(written)
  if (match === null || value === undefined) return undefined
  return { field, value, isEqual: operator !== '!=' }
}

/** `\\`, `\,` and `\=` are escapes; a bare `,` or `=` and any other escape are errors. */
function unescaped(text: string): string | undefined {
  if (!/^(?:[^\\,=]|\\[\\,=])*$/.test(text)) return undefined
  return text.replaceAll(/\\([\\,=])/g, '$1')
}
