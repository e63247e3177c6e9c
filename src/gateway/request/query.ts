import { percentDecoded } from './target.ts'

/** Longer names are none that is asked for, even when each of their characters is percent-encoded. */
const longestName = 64

/**
 * The first value of some parameters of a query, read as Go's `url.ParseQuery` reads them: pairs with `;`
 * or a malformed `%` do not count, `+` is a space. For the log only: nothing is decided by a query, which
 * is forwarded as it is (rule D6). A query is looked through once, before anybody is known: strangers may
 * send 100 KiB of it.
 */
export function firstValues(query: string, wanted: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (let start = 0; start < query.length; ) {
    const next = query.indexOf('&', start)
    const end = next < 0 ? query.length : next
    const pair = end - start > 0 ? pairIn(query, start, end) : undefined
    if (pair && wanted.includes(pair.name) && !found.has(pair.name)) {
      const value = decoded(pair.written)
      if (value !== undefined) found.set(pair.name, value)
    }
    start = end + 1
  }
  return found
}

interface Pair {
  readonly name: string
  /** The value, not decoded. */
  readonly written: string
}

function pairIn(query: string, start: number, end: number): Pair | undefined {
  const head = query.slice(start, Math.min(end, start + longestName + 1))
  const equals = head.indexOf('=')
  if (equals < 0 && end - start > longestName) return undefined
  const name = decoded(equals < 0 ? head : head.slice(0, equals))
  const written = equals < 0 ? '' : query.slice(start + equals + 1, end)
  return name === undefined || name.includes(';') || written.includes(';')
    ? undefined
    : { name, written }
}

function decoded(text: string): string | undefined {
  return percentDecoded(text.replaceAll('+', ' '))
}
