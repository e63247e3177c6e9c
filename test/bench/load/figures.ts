import type { Tally } from './at-rate.ts'

/** What a run found out. */
export interface LoadFigures {
  /** Memory before any load, in bytes. */
  readonly idleBytes: readonly Taken[]
  readonly requests: Phase
  readonly connections: Phase
  readonly watches: Watches
  readonly together: Together
}

/** What somebody has taken: milliseconds of processor time, or bytes. */
export interface Taken {
  readonly name: string
  readonly amount: number
}

/** Things of one kind that were done at a rate. */
export interface Done {
  /** A second. */
  readonly wanted: number
  readonly tally: Tally
}

/** The same, with the processor time for each of them in milliseconds. */
export interface Phase extends Done {
  readonly processorMs: readonly Taken[]
}

/** Watches that were opened, and then held. */
export interface Watches {
  readonly count: number
  readonly opening: Phase
  /** Memory for each, in bytes. */
  readonly bytes: readonly Taken[]
  /** Processor time for each watch and minute while they are held, in milliseconds. */
  readonly processorMsPerMinute: readonly Taken[]
  /** How many events came while they were held. */
  readonly events: number
}

/** Requests and connections at the same time, while the watches are held. */
export interface Together {
  readonly requests: Done
  readonly connections: Done
  /** How many processors were busy with it: 0.5 is half of one. */
  readonly processors: readonly Taken[]
}
