/**
 * A text of which a part depends on a condition: what two texts have in common at their beginning and at
 * their end stands once.
 *
 * @param condition an expression of Go's templates
 */
export function either(condition: string, yes: string, no: string): string {
  if (yes === no) return yes
  const [ifLines, elseLines] = [yes.split('\n'), no.split('\n')]
  const shorter = Math.min(ifLines.length, elseLines.length)
  const start = countWhile(shorter, (index) => ifLines[index] === elseLines[index])
  const end = countWhile(
    shorter - start,
    (index) => ifLines.at(-1 - index) === elseLines.at(-1 - index),
  )
  const ifMiddle = ifLines.slice(start, ifLines.length - end)
  const elseMiddle = elseLines.slice(start, elseLines.length - end)
  const [first = ''] = [...ifMiddle, ...elseMiddle]
  const margin = /^ */.exec(first)?.[0] ?? ''
  const middle =
    ifMiddle.length === 0
      ? [`{{- if not (${condition}) }}`, ...elseMiddle]
      : [
          `{{- if ${condition} }}`,
          ...ifMiddle,
          ...(elseMiddle.length > 0 ? [`${margin}{{- else }}`, ...elseMiddle] : []),
        ]
  return [
    ...ifLines.slice(0, start),
    ...middle.map((line, index) => (index === 0 ? margin + line : line)),
    `${margin}{{- end }}`,
    ...ifLines.slice(ifLines.length - end),
  ].join('\n')
}

function countWhile(most: number, holds: (index: number) => boolean): number {
  let count = 0
  while (count < most && holds(count)) count += 1
  return count
}

/**
 * Puts expressions in the place of what stands for them.
 *
 * @throws Error when a placeholder is not in the text: the template would be wrong without a word
 */
export function filled(text: string, expressions: Readonly<Record<string, string>>): string {
  let result = text
  for (const [placeholder, expression] of Object.entries(expressions)) {
    if (!result.includes(placeholder)) throw new Error(`"${placeholder}" is not in:\n${text}`)
    result = result.replaceAll(placeholder, () => expression)
  }
  return result
}
