/** Somebody who takes part in a measurement. */
export interface Contestant<T> {
  readonly name: string
  /** Measures once. */
  lap(): Promise<T>
}

/** What was measured of somebody. */
export interface Laps<T> {
  readonly name: string
  /** One a round. */
  readonly laps: readonly T[]
}

/**
 * Measures in turn, so that the machine's moods fall on all alike. A round before the first warms everybody up
 * (caches, connections) and is not counted; who begins changes each round.
 *
 * @returns looks up what was measured of a contestant
 */
export async function inTurn<T>(
  contestants: readonly Contestant<T>[],
  rounds: number,
): Promise<(contestant: Contestant<T>) => Laps<T>> {
  const all = new Map<Contestant<T>, T[]>(contestants.map((one) => [one, []]))
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % contestants.length
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const lap = await one.lap()
      if (round > 0) all.get(one)?.push(lap)
    }
  }
  return (contestant) => ({ name: contestant.name, laps: all.get(contestant) ?? [] })
}
