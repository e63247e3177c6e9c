import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Exchange, ExchangeObserver } from '../proxy/index.ts'
import { codeLabel, kindOf, verbLabel } from './labels.ts'

/**
 * Counts requests. Labels come from closed sets, never from a client; a label's series is looked up
 * once and kept, because looking it up is most of the work.
 */
export function exchangeMetrics(registry: Registry): ExchangeObserver {
  const registers = [registry]
  const requests = new Counter({
    name: 'oidc_gateway_requests_total',
    help: 'Requests that ended, by verb and status.',
    labelNames: ['verb', 'code'],
    registers,
  })
  const refusals = new Counter({
    name: 'oidc_gateway_refusals_total',
    help: 'Requests that were not forwarded, by reason.',
    labelNames: ['reason'],
    registers,
  })
  const closed = new Counter({
    name: 'oidc_gateway_streams_closed_total',
    help: 'Watches, logs and upgraded connections that ended, by kind and reason.',
    labelNames: ['kind', 'reason'],
    registers,
  })
  const inFlight = new Gauge({
    name: 'oidc_gateway_in_flight_requests',
    help: 'Requests under way, by kind.',
    labelNames: ['kind'],
    registers,
  })
  const duration = new Histogram({
    name: 'oidc_gateway_request_duration_seconds',
    help: 'From the head of a request to the end of its answer; short requests only.',
    labelNames: ['verb'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const bytes = new Counter({
    name: 'oidc_gateway_body_bytes_total',
    help: 'Bytes of bodies and upgraded connections, by direction.',
    labelNames: ['direction'],
    registers,
  })
  const bytesIn = bytes.labels('in')
  const bytesOut = bytes.labels('out')
  const requestSeries = remembered((verb, code) => requests.labels(verb, code))
  const closedSeries = remembered((kind, reason) => closed.labels(kind, reason))
  const durationSeries = remembered((verb) => duration.labels(verb))
  const inFlightSeries = remembered((kind) => inFlight.labels(kind))

  return {
    started: (exchange) => inFlightSeries(kindOf(exchange), '').inc(),
    ended(exchange) {
      const kind = kindOf(exchange)
      inFlightSeries(kind, '').dec()
      const verb = verbLabel(exchange)
      requestSeries(verb, codeLabel(exchange)).inc()
      if (exchange.refusal !== undefined) refusals.inc({ reason: exchange.refusal })
      else if (kind === 'short') durationSeries(verb, '').observe(secondsOf(exchange))
      else closedSeries(kind, exchange.closeReason ?? 'completed').inc()
      if (exchange.bytesIn > 0) bytesIn.inc(exchange.bytesIn)
      if (exchange.bytesOut > 0) bytesOut.inc(exchange.bytesOut)
    },
  }
}

function secondsOf({ startedAt, endedAt }: Exchange): number {
  return Math.max(0, ((endedAt ?? startedAt) - startedAt) / 1000)
}

function remembered<T>(make: (a: string, b: string) => T): (a: string, b: string) => T {
  const made = new Map<string, T>()
  return (a, b) => {
    const key = b === '' ? a : `${a} ${b}`
    const found = made.get(key)
    if (found !== undefined) return found
    const series = make(a, b)
    made.set(key, series)
    return series
  }
}
