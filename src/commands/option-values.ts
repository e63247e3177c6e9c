import { InvalidArgumentError } from 'commander'

/**
 * Reads a boolean as Go's `strconv.ParseBool` does, because kubeconfigs that were written for
 * int128/kubelogin say `--skip-open-browser=true`.
 *
 * @throws InvalidArgumentError
 */
export function parseBoolean(text: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false
  throw new InvalidArgumentError('It must be true or false.')
}

/**
 * Reads one comma-separated record with `"quoted"` fields, as pflag's string slices are read.
 *
 * @throws InvalidArgumentError when a quote is not closed
 */
export function parseRecord(text: string): string[] {
  if (text === '') return []
  const fields: string[] = []
  let rest = text
  for (;;) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest)
    if (match === null) throw new InvalidArgumentError('A quote is not closed.')
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '') return fields
    rest = rest.slice(match[0].length)
  }
}

/**
 * Reads `key=value`, or several of them separated by commas, as pflag's string maps are read: a text
 * with exactly one `=` is taken as a whole, commas and all.
 *
 * @throws InvalidArgumentError when a pair has no `=`
 */
export function parsePairs(text: string): [string, string][] {
  const pairs = text.split('=').length === 2 ? [text] : parseRecord(text)
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new InvalidArgumentError('It must have the form key=value.')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
}

/**
 * Reads a whole number of seconds.
 *
 * @returns milliseconds
 * @throws InvalidArgumentError
 */
export function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!/^\d+$/.test(text) || seconds > 7 * 24 * 3600) {
    throw new InvalidArgumentError('It must be a whole number of seconds, a week at most.')
  }
  return seconds * 1000
}

/**
 * Reads the level of `-v`. pflag allows `-v=1`, which commander hands over with the `=`. Any number that
 * klog takes is one.
 *
 * @throws InvalidArgumentError
 */
export function parseLevel(text: string): number {
  const digits = text.replace(/^=/, '')
  if (!/^-?\d{1,10}$/.test(digits)) throw new InvalidArgumentError('It must be a number.')
  return Number(digits)
}
