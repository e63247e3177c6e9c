import type { HeaderLine } from '../request/index.ts'

/** Lines of a head, checked and put together once: the same ones go out many times. */
export interface HeadLines {
  readonly lines: readonly HeaderLine[]
  /** As they go out, one character a byte (Latin-1). */
  readonly text: string
}

const noLines: HeadLines = { lines: [], text: '' }

/**
 * Puts lines together.
 *
 * @throws Error when a line would end early, or holds a character that is no byte: written as one, `\u010a`
 *   is a line feed. What was read strictly has none of these characters (rule E6)
 */
export function headLines(lines: readonly HeaderLine[]): HeadLines {
  return { lines, text: textOf(lines) }
}

/**
 * A head as bytes go out, one character a byte (Latin-1), with the empty line.
 *
 * @param startLine request line or status line, without its end
 * @param headers complete, together with `first`, and with the framing
 * @param first the lines that stand before them
 * @throws Error as {@link headLines}
 */
export function headText(
  startLine: string,
  headers: readonly HeaderLine[],
  first: HeadLines = noLines,
): string {
  return `${checked(`${startLine}\r\n`, 1)}${first.text}${textOf(headers)}\r\n`
}

function textOf(lines: readonly HeaderLine[]): string {
  let text = ''
  for (const [name, value] of lines) text += `${name}: ${value}\r\n`
  return checked(text, lines.length)
}

/** One look at the whole: as many line ends as there are lines. */
function checked(text: string, lineCount: number): string {
  if (noText.test(text) || lineEnds(text) !== lineCount) {
    throw new Error('A line of a head is malformed.')
  }
  return text
}

const noText = /[^\t\r\n\x20-\x7e\x80-\xff]/

function lineEnds(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  // A carriage return that ends nothing is read as a line end by careless parsers.
  let returns = 0
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) returns += 1
  return returns === count ? count : -1
}
