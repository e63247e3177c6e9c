import type { System } from '../system/index.ts'
import type { OptionSpec } from './option-spec.ts'
import type { OptionValues } from './options.ts'

/** A command: its place in the help, its options, and what it does. */
export interface CommandSpec {
  readonly name: string
  readonly summary: string
  /** The only argument beside options, when it takes one; it is mandatory. */
  readonly argument?: ArgumentSpec
  readonly options: readonly OptionSpec[]
  readonly examples: readonly string[]
  /** Does it. `argument` is given when the command takes one. */
  run(system: System, options: OptionValues, argument?: string): Promise<void>
}

/** An argument that is not an option. */
export interface ArgumentSpec {
  readonly name: string
  readonly choices: readonly string[]
  /** What it says: a phrase without a full stop. */
  readonly description: string
}
