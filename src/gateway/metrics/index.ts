export {
  type ConfigurationOutcome,
  type ConnectionRefusal,
  type GatewayMetrics,
  gatewayMetrics,
  type MetricSources,
} from './gateway-metrics.ts'
