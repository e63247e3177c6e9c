/** What a check says: `skipped` when it has nothing to look at. */
export type Verdict = 'ok' | 'warning' | 'failed' | 'skipped'

/** The result of a check. No text holds a secret. */
export interface Finding {
  readonly verdict: Verdict
  /** What was found: whole sentences. */
  readonly message: string
  /** What the user can do about it: whole sentences. */
  readonly remedy?: string | undefined
  /** Lines that belong below: facts, settings to be copied. */
  readonly details?: readonly string[] | undefined
}

/** A finding and the check that made it. */
export interface NamedFinding extends Finding {
  readonly name: string
}

/** One thing that can be wrong. */
export interface Check<Context> {
  /** A short name that does not change: programs may look for it. */
  readonly name: string
  /** Checks without whose success this one says nothing new. */
  readonly needs?: readonly string[]
  run(context: Context): Promise<Finding>
}

/** All is well. */
export function ok(message: string, details?: readonly string[]): Finding {
  return { verdict: 'ok', message, details }
}

/** Something that may be meant, and should be known. */
export function warning(message: string, remedy?: string, details?: readonly string[]): Finding {
  return { verdict: 'warning', message, remedy, details }
}

/** Something is wrong. */
export function failed(message: string, remedy?: string, details?: readonly string[]): Finding {
  return { verdict: 'failed', message, remedy, details }
}

/** There was nothing to look at. */
export function skipped(message: string): Finding {
  return { verdict: 'skipped', message }
}
