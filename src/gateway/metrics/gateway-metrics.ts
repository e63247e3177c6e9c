import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { IssuerState } from '../authentication/index.ts'
import type { UpstreamOutcome } from '../kubernetes/index.ts'
import type { ConnectionRefusal, ExchangeObserver } from '../proxy/index.ts'
import { exchangeMetrics } from './exchange-metrics.ts'
import { type RenewalMetrics, renewalMetrics } from './renewal-metrics.ts'
import { upstreamGauge } from './upstream-gauge.ts'

/** What can be asked when somebody scrapes. */
export interface MetricSources {
  /** Now, in milliseconds since the epoch. */
  readonly now: () => number
  readonly issuers: () => readonly IssuerState[]
  /** When the gateway's own credential ends, in milliseconds since the epoch; undefined when unknown. */
  readonly credentialExpiresAt: () => number | undefined
  /** When the serving certificate ends, likewise. */
  readonly servingCertificateExpiresAt: () => number | undefined
  readonly openConnections: () => number
  readonly auditLinesLost: () => number
  /** How the API server received the gateway's last own request; undefined before the first. */
  readonly upstreamOutcome: () => UpstreamOutcome['kind'] | undefined
}

/** What is counted, and how it is read. `docs/operations/metrics.md` lists every name. */
export interface GatewayMetrics {
  readonly registry: Registry
  /** Counts requests. */
  readonly observer: ExchangeObserver
  /** Counts an attempt to load a configuration. */
  configurationLoaded(outcome: ConfigurationOutcome): void
  /** Counts an attempt to load the signing keys of an issuer. */
  keysLoaded(issuer: string, isGood: boolean): void
  /** Counts a connection that was turned away. */
  connectionRefused(reason: ConnectionRefusal): void
  readonly renewal: RenewalMetrics
}

/** How loading a configuration ended. */
export type ConfigurationOutcome =
  /** `hash` identifies the configuration that is in force. */
  { readonly kind: 'success'; readonly hash: string } | { readonly kind: 'failure' }

/** Makes the metrics of one process. */
export function gatewayMetrics(sources: MetricSources): GatewayMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  sampledGauges(registry, sources)
  upstreamGauge(registry, sources.upstreamOutcome)
  const reloads = new Counter({
    name: 'oidc_gateway_config_reloads_total',
    help: 'Attempts to load the configuration, by outcome.',
    labelNames: ['status'],
    registers: [registry],
  })
  const reloadedAt = new Gauge({
    name: 'oidc_gateway_config_last_reload_success_timestamp_seconds',
    aggregator: 'max',
    help: 'When the configuration in force was loaded.',
    registers: [registry],
  })
  const configuration = new Gauge({
    name: 'oidc_gateway_config_info',
    aggregator: 'first',
    help: 'The configuration in force, by its digest; always 1.',
    labelNames: ['hash'],
    registers: [registry],
  })
  const refusedConnections = new Counter({
    name: 'oidc_gateway_connections_refused_total',
    help: 'Connections that were turned away, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  })
  const keyLoads = new Counter({
    name: 'oidc_gateway_issuer_key_loads_total',
    help: 'Attempts to load the signing keys of an issuer, by outcome.',
    labelNames: ['issuer', 'status'],
    registers: [registry],
  })
  return {
    registry,
    keysLoaded: (issuer, isGood) =>
      keyLoads.inc({ issuer, status: isGood ? 'success' : 'failure' }),
    observer: exchangeMetrics(registry),
    renewal: renewalMetrics(registry),
    configurationLoaded(outcome) {
      reloads.inc({ status: outcome.kind })
      if (outcome.kind === 'failure') return
      reloadedAt.set(sources.now() / 1000)
      configuration.reset()
      configuration.set({ hash: outcome.hash }, 1)
    },
    connectionRefused: (reason) => refusedConnections.inc({ reason }),
  }
}

/** A gauge without labels. */
interface Sampled {
  readonly name: string
  readonly help: string
  /** How those of several processes become one. */
  readonly aggregator: 'sum' | 'min'
  /** Undefined when there is nothing to tell. */
  readonly sample: () => number | undefined
}

/** Looked at when somebody scrapes: nothing runs in between. */
function sampledGauges(registry: Registry, sources: MetricSources): void {
  const secondsUntil = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : (at - sources.now()) / 1000
  const gauges: readonly Sampled[] = [
    {
      name: 'oidc_gateway_open_connections',
      help: 'Open connections of clients.',
      aggregator: 'sum',
      sample: sources.openConnections,
    },
    {
      name: 'oidc_gateway_audit_lines_lost',
      help: 'Audit lines that could not be written.',
      aggregator: 'sum',
      sample: sources.auditLinesLost,
    },
    {
      name: 'oidc_gateway_upstream_credential_expiry_seconds',
      help: 'Seconds until the credential for the API server ends.',
      aggregator: 'min',
      sample: () => secondsUntil(sources.credentialExpiresAt()),
    },
    {
      name: 'oidc_gateway_serving_certificate_expiry_seconds',
      help: 'Seconds until the certificate that clients see ends.',
      aggregator: 'min',
      sample: () => secondsUntil(sources.servingCertificateExpiresAt()),
    },
  ]
  for (const { sample, ...configuration } of gauges) {
    new Gauge({
      ...configuration,
      registers: [registry],
      collect() {
        const value = sample()
        if (value === undefined) this.remove()
        else this.set(value)
      },
    })
  }
  issuerGauges(registry, sources)
}

function issuerGauges(registry: Registry, sources: MetricSources): void {
  new Gauge({
    name: 'oidc_gateway_issuer_keys_age_seconds',
    aggregator: 'max',
    help: 'Seconds since the signing keys of an issuer were loaded.',
    labelNames: ['issuer'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { issuer, keysLoadedAt } of sources.issuers()) {
        if (keysLoadedAt !== undefined) this.set({ issuer }, (sources.now() - keysLoadedAt) / 1000)
      }
    },
  })
  new Gauge({
    name: 'oidc_gateway_issuer_keys_failing',
    aggregator: 'max',
    help: 'Whether the last attempt to load the signing keys of an issuer failed.',
    labelNames: ['issuer'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { issuer, isFailing } of sources.issuers()) this.set({ issuer }, isFailing ? 1 : 0)
    },
  })
}
