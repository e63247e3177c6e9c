/**
 * Whether text is coloured: never with `NO_COLOR` (no-color.org) or on a dumb terminal, always with
 * `CLICOLOR_FORCE`, else on a terminal unless `CLICOLOR` is 0 (bixense.com/clicolors).
 *
 * @param isTerminal whether the text goes to a terminal
 */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (env.NO_COLOR) return false
  if (env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== '0') return true
  return isTerminal && env.CLICOLOR !== '0' && env.TERM !== 'dumb'
}

/** How a text can look; the codes are those of SGR (ECMA-48 §8.3.117), on and off. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const

/** One of the looks that a text can have. */
export type Look = keyof typeof codes

/** Gives a text a look. It is no longer for it, so lay it out before. */
export function paint(text: string, look: Look): string {
  const [on, off] = codes[look]
  return `\u001b[${on}m${text}\u001b[${off}m`
}
