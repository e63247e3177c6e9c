import { Counter, Gauge, Registry } from 'prom-client'

/** What is counted of the renewal of the client certificate. */
export interface RenewalMetrics {
  /** Counts an attempt that has ended. */
  ended(isGood: boolean): void
  awaitsApproval(isSo: boolean): void
}

/** Makes these metrics in a registry. */
export function renewalMetrics(registry: Registry): RenewalMetrics {
  const renewals = new Counter({
    name: 'oidc_gateway_upstream_certificate_renewals_total',
    help: 'Attempts to renew the client certificate for the API server, by outcome.',
    labelNames: ['status'],
    registers: [registry],
  })
  const waiting = new Gauge({
    name: 'oidc_gateway_upstream_certificate_awaits_approval',
    aggregator: 'max',
    help: 'Whether a certificate request of the gateway waits for an approval.',
    registers: [registry],
  })
  return {
    ended: (isGood) => renewals.inc({ status: isGood ? 'success' : 'failure' }),
    awaitsApproval: (isSo) => waiting.set(isSo ? 1 : 0),
  }
}

/** The metrics of a primary process, which sees no request: what it alone does. */
export interface PrimaryMetrics {
  readonly renewal: RenewalMetrics
  /** As prom-client's `getMetricsAsJSON` gives them. */
  metrics(): Promise<readonly object[]>
}

/** Makes the metrics of a primary process. */
export function primaryMetrics(): PrimaryMetrics {
  const registry = new Registry()
  return {
    renewal: renewalMetrics(registry),
    metrics: async () => await registry.getMetricsAsJSON(),
  }
}
