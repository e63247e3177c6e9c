/**
 * Text from a stranger, made fit for a terminal or a page: one line, no character that moves the
 * cursor, changes colours or the direction of writing, and a bounded length.
 *
 * @param maxLength the most characters (code points) that are kept
 */
export function printable(text: string, maxLength = 200): string {
  // Control, format (bidirectional overrides, zero-width), surrogate, private and separator characters.
  const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\s]+/gu
  const characters = [...text.replaceAll(unprintable, ' ').trim()]
  if (characters.length <= maxLength) return characters.join('')
  return `${characters.slice(0, maxLength - 1).join('')}…`
}
