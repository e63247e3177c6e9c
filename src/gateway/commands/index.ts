export {
  type GatewayCommand,
  type GatewayOption,
  type GatewaySystem,
  gatewayVariable,
} from './command-spec.ts'
export { commandTable } from './command-table.ts'
export { runGatewayProgram } from './program.ts'
