import { Gauge, type Registry } from 'prom-client'
import type { UpstreamOutcome } from '../kubernetes/index.ts'

const outcomes: readonly UpstreamOutcome['kind'][] = [
  'good',
  'unreachable',
  'credential_refused',
  'impersonation_refused',
]

/**
 * How the API server received the gateway's last own request. A count of refusals would not tell: nobody
 * sends requests to a gateway that says that it is not ready.
 */
export function upstreamGauge(
  registry: Registry,
  last: () => UpstreamOutcome['kind'] | undefined,
): void {
  new Gauge({
    name: 'oidc_gateway_upstream_outcome',
    aggregator: 'max',
    help: "How the API server received the gateway's last own request; 1 for what it was, 0 for all else.",
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset()
      const known = last()
      if (known === undefined) return
      for (const outcome of outcomes) this.set({ outcome }, outcome === known ? 1 : 0)
    },
  })
}
