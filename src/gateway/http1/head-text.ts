import type { HeaderLine } from '../request/index.ts'

/**
 * A head as bytes go out, one character a byte (Latin-1), with the empty line.
 *
 * @param startLine request line or status line, without its end
 * @param headers complete, framing included
 * @throws Error when a line would end early, or holds a character that is no byte: written as one, `\u010a`
 *   is a line feed. What was read strictly has none of these characters (rule E6)
 */
export function headText(startLine: string, headers: readonly HeaderLine[]): string {
  let text = `${startLine}\r\n`
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`
  // One look at the whole: as many line ends as there are lines.
  if (noText.test(text) || lineEnds(text) !== headers.length + 1) {
    throw new Error('A line of a head is malformed.')
  }
  return `${text}\r\n`
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
