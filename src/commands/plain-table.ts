import { getTokenOptions } from './get-token-options.ts'
import type { OptionSpec } from './option-spec.ts'
import { commonOptions } from './option-table.ts'

/** As much of a row of the option table as it takes to read a value. */
export type PlainSpec = Pick<OptionSpec, 'kind' | 'choices' | 'byDefault' | 'whenEmpty'>

/** The options of a command: names, and in the same order what belongs to them. */
export interface PlainTable {
  readonly names: readonly string[]
  readonly specs: readonly PlainSpec[]
}

/** The names and specs of an option table, which are all that {@link PlainTable} is made of. */
export function plainTableOf(table: readonly OptionSpec[]): PlainTable {
  return {
    names: table.map(({ name }) => name),
    specs: table.map(({ kind, choices, byDefault, whenEmpty }) => ({
      kind,
      ...(choices && { choices }),
      ...(byDefault !== undefined && { byDefault }),
      ...(whenEmpty !== undefined && { whenEmpty }),
    })),
  }
}

/**
 * The options of `get-token`. It holds nothing but data: the build evaluates this file and puts its value into
 * the start of the plugin (`tools/bundle.mjs`), where the option tables, their texts and functions are not loaded.
 */
export const plainTable: PlainTable = plainTableOf([...getTokenOptions, ...commonOptions])
