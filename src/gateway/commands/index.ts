export { runGatewayProgram } from './program.ts'
