export { aggregatedMetrics } from './aggregate.ts'
export {
  type ConfigurationOutcome,
  type GatewayMetrics,
  gatewayMetrics,
  type MetricSources,
} from './gateway-metrics.ts'
