import { EvaluationError } from '@marcbachmann/cel-js'
import { markBare } from './bare-lists.ts'

/**
 * The functions on strings with the meaning of cel-go, where that of the engine differs. A difference
 * would be another identity than kube-apiserver's, and `toLowerCase` even a wrong one: it makes the
 * Kelvin sign a `k`, so that a stranger could register somebody else's name.
 */
export const stringFunctions = {
  lowerAscii: (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  upperAscii: (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
  trim: (text: string) => text.replace(leadingBlanks, '').replace(trailingBlanks, ''),
  charAt(text: string, index: bigint): string {
    const characters = [...text]
    return characters.slice(inside(index, characters.length), Number(index) + 1).join('')
  },
  substring(text: string, start: bigint, end?: bigint): string {
    const characters = [...text]
    const last = end === undefined ? characters.length : inside(end, characters.length)
    return characters.slice(inside(start, last), last).join('')
  },
  indexOf: (text: string, searched: string) => BigInt(indexIn(text, text.indexOf(searched))),
  lastIndexOf: (text: string, searched: string) =>
    BigInt(indexIn(text, text.lastIndexOf(searched))),
  replace(text: string, searched: string, replacement: string, limit?: bigint): string {
    if (limit === undefined || limit < 0n) return text.split(searched).join(replacement)
    const parts = text.split(searched)
    const count = Math.min(Number(limit), parts.length - 1)
    const head = parts.slice(0, count + 1).join(replacement)
    return [head, ...parts.slice(count + 1)].join(searched)
  },
  split(text: string, separator: string, limit = -1n): readonly string[] {
    if (limit === 0n) return markBare([])
    const parts = separator === '' ? [...text] : text.split(separator)
    const count = limit < 0n ? parts.length : Math.min(Number(limit), parts.length)
    const rest = parts.slice(count - 1).join(separator)
    return markBare(parts.length === 0 ? [] : [...parts.slice(0, count - 1), rest])
  },
  /** A number as Go prints it with `%g`: with an exponent from 1e+06 on, and below 1e-04. */
  ofDouble(value: number): string {
    const [digits = '', exponent = '0'] = value.toExponential().split('e')
    const power = Number(exponent)
    if (value === 0 || (power >= -4 && power < 6)) return String(value)
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  },
} as const

/** White space as Go's `strings.TrimSpace` knows it. */
const blank =
  '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const leadingBlanks = new RegExp(`^${blank}+`)
const trailingBlanks = new RegExp(`${blank}+$`)

function inside(index: bigint, length: number): number {
  if (index >= 0n && index <= BigInt(length)) return Number(index)
  throw new EvaluationError(`index out of range: ${index}`)
}

/** An index in characters for one in UTF-16 units. */
function indexIn(text: string, units: number): number {
  return units < 0 ? -1 : [...text.slice(0, units)].length
}
