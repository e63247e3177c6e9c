export { aggregatedMetrics } from './aggregate.ts'
export {
  type ConfigurationOutcome,
  type GatewayMetrics,
  gatewayMetrics,
  type MetricSources,
} from './gateway-metrics.ts'
export { type PrimaryMetrics, primaryMetrics, type RenewalMetrics } from './renewal-metrics.ts'
