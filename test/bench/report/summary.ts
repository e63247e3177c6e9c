/** What many measurements of one thing come to. */
export interface Summary {
  readonly median: number
  /** A quarter of the measurements is below. */
  readonly low: number
  /** A quarter of the measurements is above. */
  readonly high: number
  /** How many there are. */
  readonly count: number
}

/** Sums measurements up. @throws when there are none, or one is not a number */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error('nothing was measured')
  if (!values.every(Number.isFinite)) throw new Error('a measurement is not a number')
  const sorted = [...values].sort((left, right) => left - right)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    count: values.length,
  }
}

/** Between two neighbours it lies on the line that joins them. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}
