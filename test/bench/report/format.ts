import type { Side } from './figure.ts'
import type { Goal } from './goals.ts'
import type { Summary } from './summary.ts'

/** `≤ 1.1`, `≥ 5`, `≤ 60 KB`. */
export function limitText({ better, unit }: Goal, limit: number): string {
  return `${better === 'smaller' ? '≤' : '≥'} ${withUnit(String(limit), unit)}`
}

/** `0.87`, `10.4`, `48 MB`. */
export function valueText({ unit }: Goal, value: number): string {
  return withUnit(numberText(value), unit)
}

/** `6.6 ms (6.3 to 7.1)`: the median and the middle half. */
export function sideText({ summary, unit }: Side): string {
  return `${numberText(summary.median)} ${unit} ${spreadText(summary)}`
}

/** `(6.3 to 7.1)`: the middle half; empty for a single measurement. */
export function spreadText({ low, high, count }: Summary): string {
  return count === 1 ? '' : `(${numberText(low)} to ${numberText(high)})`
}

/** Three digits that mean something; integers from 100. */
export function numberText(value: number): string {
  const size = Math.abs(value)
  if (size >= 100) return value.toFixed(0)
  return value.toFixed(size >= 10 ? 1 : 2)
}

function withUnit(text: string, unit: Goal['unit']): string {
  return unit === 'x' ? text : `${text} ${unit}`
}
