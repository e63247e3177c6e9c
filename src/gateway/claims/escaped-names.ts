/**
 * The name behind an escaped one (k8s.io/apiserver pkg/cel, escaping): `real__dot__name` is the claim
 * `real.name`, which cannot be selected otherwise.
 *
 * @returns the name itself when it is not escaped
 */
export function unescapeName(name: string): string {
  if (!name.includes('__')) return name
  let isValid = true
  const plain = name.replace(escaped, (whole, word: string) => {
    const character = characters.get(word)
    if (character !== undefined) return character
    if (!reservedWords.has(word) || whole.length !== name.length) isValid = false
    return word
  })
  return isValid ? plain : name
}

const escaped = /__([^_]+)__/g

const characters = new Map([
  ['underscores', '__'],
  ['dot', '.'],
  ['dash', '-'],
  ['slash', '/'],
])

const reservedWords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)
