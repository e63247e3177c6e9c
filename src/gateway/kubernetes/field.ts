/** A field of an answer, by its own name only; undefined when the value has none. */
export function fieldOf(value: unknown, ...names: readonly string[]): unknown {
  let found = value
  for (const name of names) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = Reflect.get(found, name)
  }
  return found
}

/** The sentence of a `metav1.Status`, which names the missing right; bounded, on one line. */
export function messageOf(answer: unknown): string {
  const message = fieldOf(answer, 'message')
  if (typeof message !== 'string') return 'no reason was given'
  return message.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 500)
}
