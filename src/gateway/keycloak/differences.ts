import { printable } from '../../printable.ts'
import { objectIn, type Representation, textsIn } from './json.ts'

/** A field that is not as it is wanted. */
export interface Difference {
  /** Such as `attributes.pkce.code.challenge.method`. */
  readonly path: string
  /** As JSON, fit for a terminal; `(none)` when there is no value. */
  readonly before: string
  readonly after: string
}

/**
 * Compares what is wanted with what is there. Fields that nobody wants anything of are not looked at; the
 * order of a list does not matter.
 */
export function differencesOf(wanted: Representation, actual: Representation): Difference[] {
  return Object.entries(wanted).flatMap(([name, value]) => differencesAt(name, value, actual[name]))
}

/** What is there, with what is wanted written over it. */
export function withWanted(wanted: Representation, actual: Representation): Representation {
  const fields = Object.entries(wanted).map(([name, value]) => [
    name,
    isMapping(value) ? withWanted(value, objectIn(actual[name])) : value,
  ])
  return { ...actual, ...Object.fromEntries(fields) }
}

function differencesAt(path: string, wanted: unknown, actual: unknown): Difference[] {
  if (isMapping(wanted)) {
    return differencesOf(wanted, objectIn(actual)).map((difference) => ({
      ...difference,
      path: `${path}.${difference.path}`,
    }))
  }
  if (isSame(wanted, actual)) return []
  return [{ path, before: show(actual), after: show(wanted) }]
}

function isMapping(value: unknown): value is Representation {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSame(wanted: unknown, actual: unknown): boolean {
  if (!Array.isArray(wanted)) return wanted === actual
  const [some, others] = [new Set(textsIn(wanted)), new Set(textsIn(actual))]
  return some.size === others.size && [...some].every((item) => others.has(item))
}

function show(value: unknown): string {
  return value === undefined || value === null ? '(none)' : printable(JSON.stringify(value), 500)
}
