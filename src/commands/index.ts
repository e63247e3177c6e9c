export type { CommandSpec } from './command-spec.ts'
export { environmentVariable, type OptionKind, type OptionSpec } from './option-spec.ts'
export { commonOptions } from './option-table.ts'
export { commandTable, createProgram, runProgram } from './program.ts'
