import type { Usage } from '../gateway/processes.ts'
import type { Taken } from './figures.ts'

/** Somebody whose use of this computer is measured. */
export interface Meter {
  readonly name: string
  usage(): Usage
}

/** What was done, and what it took. */
export interface Metered<T> {
  readonly result: T
  /** What each has taken meanwhile, divided by a number of things. */
  taken(what: keyof Usage, things: number): Taken[]
}

/** Lets something be done and looks at the meters before and after. */
export async function metered<T>(
  meters: readonly Meter[],
  act: () => Promise<T>,
): Promise<Metered<T>> {
  const before = meters.map(({ usage }) => usage())
  const result = await act()
  const after = meters.map(({ usage }) => usage())
  return {
    result,
    taken: (what, things) =>
      meters.map(({ name }, index) => {
        const amount = ((after[index]?.[what] ?? 0) - (before[index]?.[what] ?? 0)) / things
        return { name, amount }
      }),
  }
}
