import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import type { OptionSpec } from './option-spec.ts'

/** A command: its place in the help, its options, and what it does. */
export interface CommandSpec {
  readonly name: string
  readonly summary: string
  /** The only argument beside options, when it takes one. */
  readonly argument?: ArgumentSpec
  readonly options: readonly OptionSpec[]
  readonly examples: readonly string[]
  /** Does it. */
  run(system: System, options: OptionValues, call: CommandCall): Promise<void>
}

/** A call of a command, beside its options. */
export interface CommandCall {
  /** Its argument, when one was given. */
  readonly argument: string | undefined
  /** Prints its help to stdout. */
  showHelp(): void
}

/** An argument that is not an option. */
export interface ArgumentSpec {
  readonly name: string
  /** The texts that are allowed; empty for any. */
  readonly choices: readonly string[]
  readonly isOptional?: boolean
  /** What it says: a phrase without a full stop. */
  readonly description: string
}
