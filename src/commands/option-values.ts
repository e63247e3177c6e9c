/** The text of an option means nothing; the message says what it must be. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue'
}

/**
 * Reads a boolean as Go's `strconv.ParseBool` does, because kubeconfigs that were written for
 * int128/kubelogin say `--skip-open-browser=true`.
 *
 * @throws InvalidValue
 */
export function parseBoolean(text: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false
  throw new InvalidValue('It must be true or false.')
}

/**
 * Reads one comma-separated record with `"quoted"` fields, as pflag's string slices are read.
 *
 * @throws InvalidValue when a quote is not closed
 */
export function parseRecord(text: string): string[] {
  if (text === '') return []
  if (!text.includes('"')) return text.split(',')
  const fields: string[] = []
  let rest = text
  for (;;) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest)
    if (match === null) throw new InvalidValue('A quote is not closed.')
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '') return fields
    rest = rest.slice(match[0].length)
  }
}

/**
 * Reads `key=value`, or several of them separated by commas, as pflag's string maps are read: a text
 * with exactly one `=` is taken as a whole, commas and all, without the quotes around it.
 *
 * @throws InvalidValue when a pair has no `=`
 */
export function parsePairs(text: string): [string, string][] {
  const isOne = text.split('=').length === 2
  const pairs = isOne ? [text.replaceAll(/^"+|"+$/g, '')] : parseRecord(text)
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new InvalidValue('It must have the form key=value.')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
}

/** No timer of ours runs longer. */
const longestSec = 7 * 24 * 3600

/**
 * Reads a whole number of seconds, as Go's `strconv.ParseInt` with base 0 does: `0x10` and `1_000`
 * are numbers, too. More than a week counts as a week.
 *
 * @returns milliseconds
 * @throws InvalidValue
 */
export function parseSeconds(text: string): number {
  const digits = text.replace(/^\+/, '').replaceAll(/(?<=[\da-f])_(?=[\da-f])/gi, '')
  if (!/^(?:\d+|0x[\da-f]+|0o[0-7]+|0b[01]+)$/i.test(digits)) {
    throw new InvalidValue('It must be a whole number of seconds.')
  }
  const seconds = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  return Math.min(seconds, longestSec) * 1000
}

/**
 * Reads the level of `-v`. pflag allows `-v=1`, which commander hands over with the `=`. Any number that
 * klog takes is one.
 *
 * @throws InvalidValue
 */
export function parseLevel(text: string): number {
  const digits = text.replace(/^=/, '')
  if (!/^-?\d{1,10}$/.test(digits)) throw new InvalidValue('It must be a number.')
  return Number(digits)
}
