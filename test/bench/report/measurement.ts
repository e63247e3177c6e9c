import type { Figure } from './figure.ts'
import type { GoalId } from './goals.ts'

/** Says how a run is going. */
export type Say = (text: string) => void

/** What a measurement throws when something is missing here: the message says what it needs. */
export class CannotMeasure extends Error {}

/** Something that is measured at a stretch, for one goal or several. */
export interface Measurement {
  /** What is measured, for the progress. */
  readonly name: string
  readonly goals: readonly GoalId[]
  /** Measures; what it throws becomes the reason why its goals have no figure. */
  measure(say: Say): Promise<readonly Figure[]>
}

/** Far more than any measurement takes with its own settings, on a calm machine. */
const longestMs = 6 * 60_000

/**
 * Runs measurements one after the other. One that fails or hangs does not lose the others.
 *
 * @param limitMs how long one may take, in milliseconds
 * @returns a figure for each of their goals
 */
export async function runMeasurements(
  measurements: readonly Measurement[],
  say: Say,
  limitMs = longestMs,
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [index, measurement] of measurements.entries()) {
    say(`[${index + 1}/${measurements.length}] ${measurement.name}`)
    figures.push(...(await figuresOf(measurement, say, limitMs)))
  }
  return figures
}

async function figuresOf(
  { goals, measure }: Measurement,
  say: Say,
  limitMs: number,
): Promise<Figure[]> {
  const none = (goal: GoalId, reason: string): Figure => ({ kind: 'not measured', goal, reason })
  try {
    const figures = await within(
      limitMs,
      measure((text) => say(`  ${text}`)),
    )
    return goals.map(
      (goal) => figures.find((one) => one.goal === goal) ?? none(goal, 'nothing measured it'),
    )
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const prefix = error instanceof CannotMeasure ? '' : 'failed: '
    say(`  ${prefix}${text}`)
    return goals.map((goal) => none(goal, `${prefix}${text.split('\n')[0] ?? ''}`))
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not come to an end')), limitMs)
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
