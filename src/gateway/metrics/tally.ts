/** A number and what it is about. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  value: number
}

/** Numbers by the values of one or two labels. */
export interface Tally {
  /** The number for these values; 0 when it is new. */
  of(first: string, second?: string): Series
  all(): Iterable<Series>
}

/**
 * Makes an empty tally.
 *
 * @param names of the labels, in the order in which values are given
 */
export function tally([first = '', second]: readonly string[]): Tally {
  const found = new Map<string, Map<string, Series>>()
  const series: Series[] = []
  return {
    of(one, other = '') {
      const row = found.get(one) ?? new Map<string, Series>()
      const known = row.get(other)
      if (known) return known
      const labels = second === undefined ? { [first]: one } : { [first]: one, [second]: other }
      const made = { labels, value: 0 }
      found.set(one, row.set(other, made))
      series.push(made)
      return made
    },
    all: () => series,
  }
}
