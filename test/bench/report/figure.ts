import type { Goal, GoalId } from './goals.ts'
import type { Summary } from './summary.ts'

/** What a run found out about one goal. */
export type Figure = Measured | NotMeasured

/** A figure that was measured. */
export interface Measured {
  readonly kind: 'measured'
  readonly goal: GoalId
  readonly ours: Side
  /** Whom we are compared with; a goal whose unit is not `x` has nobody. */
  readonly rival?: Side
  /** What else is worth knowing: other ways to run ours, percentiles. */
  readonly more?: readonly Side[]
  /** Versions of the programs that took part, ours excepted. */
  readonly programs?: readonly Program[]
  /** What this run measured with: rounds, seconds, sizes. */
  readonly setting?: string
}

/** A goal that this run could not look at. */
export interface NotMeasured {
  readonly kind: 'not measured'
  readonly goal: GoalId
  /** What is missing, as `needs KUBELOGIN=/path`, or what went wrong. */
  readonly reason: string
}

/** One line of the details: a contestant and what was measured of it. */
export interface Side {
  readonly name: string
  readonly unit: 'ms' | 'requests/s' | 'connections/s' | 'KB' | 'MB' | 'MB/s'
  readonly summary: Summary
  /** User and system time of the processes in milliseconds, which other load disturbs less. */
  readonly processorMs?: Summary
  /** Whether a ratio to the rival would mean nothing, although the unit is the same. */
  readonly standsAlone?: boolean
}

/** A program that took part. */
export interface Program {
  readonly name: string
  readonly version: string
}

/** How far a figure reaches: the aim, only what must be reached, or not even that. */
export type Reached = 'aim' | 'must' | 'no'

/** The figure in the unit of its goal: the ratio of the medians, or our median. */
export function valueFor({ goal, ours, rival }: Measured, { unit }: Goal): number {
  if (unit !== 'x') return ours.summary.median
  if (rival === undefined) throw new Error(`${goal} is a ratio and has no rival`)
  if (ours.unit !== rival.unit) throw new Error(`${goal} compares ${ours.unit} with ${rival.unit}`)
  return ours.summary.median / rival.summary.median
}

/** A side as a ratio to the rival; undefined where that means nothing. */
export function ratioTo(rival: Side | undefined, side: Side): number | undefined {
  if (rival === undefined || rival.unit !== side.unit || side.standsAlone) return undefined
  return side.summary.median / rival.summary.median
}

/** What a value reaches of a goal. */
export function reached(value: number, { better, must, aim }: Goal): Reached {
  const holds = (limit: number): boolean => (better === 'smaller' ? value <= limit : value >= limit)
  if (holds(aim)) return 'aim'
  return holds(must) ? 'must' : 'no'
}
