export { type GatewayLog, jsonLog, type LogFacts, silentLog } from './gateway-log.ts'
export {
  type OperationsServer,
  type OperationsSources,
  operationsServer,
} from './operations-server.ts'
export { type ReadinessCheck, type ReadinessFacts, readiness } from './readiness.ts'
export { type StopWatching, watchFiles } from './watch-files.ts'
