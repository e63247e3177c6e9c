import { factsOf } from './header-names.ts'
import type { HeaderLine } from './raw-request.ts'
import type { Refusal } from './refusal.ts'
import { malformed } from './refuse.ts'

/** The headers whose values rules read. */
const read = [
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'origin',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
] as const

/** A header whose values rules read. */
export type ReadName = (typeof read)[number]

const isRead: ReadonlySet<string> = new Set(read)

/** The lines of a head, each looked at once. */
export interface SortedLines {
  readonly kind: 'lines'
  /** The values of each line of a name, in their order. */
  valuesOf(name: ReadName): readonly string[]
  /** The `Impersonate-*` lines, as they were written. */
  readonly impersonation: readonly HeaderLine[]
  /** What may travel on, unless `Connection` names it. */
  readonly endToEnd: readonly HeaderLine[]
}

const none: readonly string[] = []

/** Bytes beyond ASCII are opaque (RFC 9110 §5.5). */
const controlCharacter = /[^\t\x20-\x7e\x80-\xff]/

/** Sorts the lines of a head by what they are for; a malformed one is a refusal (rule E6). */
export function sortedLines(headers: readonly HeaderLine[]): SortedLines | Refusal {
  const values = new Map<string, string[]>()
  const impersonation: HeaderLine[] = []
  const endToEnd: HeaderLine[] = []
  for (const line of headers) {
    const [name, value] = line
    const facts = factsOf(name)
    if (!facts.isToken || controlCharacter.test(value)) {
      return malformed('The request has a malformed header line.')
    }
    if (!facts.staysHere) endToEnd.push(line)
    if (isRead.has(facts.lower)) {
      const others = values.get(facts.lower)
      if (others) others.push(value)
      else values.set(facts.lower, [value])
    } else if (facts.lower.startsWith('impersonate')) {
      impersonation.push(line)
    }
  }
  return { kind: 'lines', valuesOf: (name) => values.get(name) ?? none, impersonation, endToEnd }
}
