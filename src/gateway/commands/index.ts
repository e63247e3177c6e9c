export type { GatewaySystem } from './command-spec.ts'
export { runGatewayProgram } from './program.ts'
