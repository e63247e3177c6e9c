export { environmentVariable, type OptionSpec } from './option-spec.ts'
export { commandTable, createProgram, runProgram } from './program.ts'
