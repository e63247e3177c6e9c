import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Exchange, ExchangeObserver } from '../proxy/index.ts'
import { codeLabel, kindOf, verbLabel } from './labels.ts'
import { tally } from './tally.ts'

/**
 * Counts requests. Labels come from closed sets, never from a client. What is counted stands in numbers
 * of our own until somebody asks: prom-client makes a key of the labels for each of its own.
 */
export function exchangeMetrics(registry: Registry): ExchangeObserver {
  const registers = [registry]
  const requests = tally(['verb', 'code'])
  new Counter({
    name: 'oidc_gateway_requests_total',
    help: 'Requests that ended, by verb and status.',
    labelNames: ['verb', 'code'],
    registers,
    collect() {
      this.reset()
      for (const { labels, value } of requests.all()) this.inc(labels, value)
    },
  })
  const refusals = tally(['reason'])
  new Counter({
    name: 'oidc_gateway_refusals_total',
    help: 'Requests that were not forwarded, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset()
      for (const { labels, value } of refusals.all()) this.inc(labels, value)
    },
  })
  const closed = tally(['kind', 'reason'])
  new Counter({
    name: 'oidc_gateway_streams_closed_total',
    help: 'Watches, logs and upgraded connections that ended, by kind and reason.',
    labelNames: ['kind', 'reason'],
    registers,
    collect() {
      this.reset()
      for (const { labels, value } of closed.all()) this.inc(labels, value)
    },
  })
  const inFlight = tally(['kind'])
  new Gauge({
    name: 'oidc_gateway_in_flight_requests',
    help: 'Requests under way, by kind.',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const { labels, value } of inFlight.all()) this.set(labels, value)
    },
  })
  const duration = new Histogram({
    name: 'oidc_gateway_request_duration_seconds',
    help: 'From the head of a request to the end of its answer; short requests only.',
    labelNames: ['verb'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const bytes = tally(['direction'])
  new Counter({
    name: 'oidc_gateway_body_bytes_total',
    help: 'Bytes of bodies and upgraded connections, by direction.',
    labelNames: ['direction'],
    registers,
    collect() {
      this.reset()
      for (const { labels, value } of bytes.all()) this.inc(labels, value)
    },
  })
  const bytesIn = bytes.of('in')
  const bytesOut = bytes.of('out')
  const durations = new Map<string, Histogram.Internal<'verb'>>()

  function durationOf(verb: string): Histogram.Internal<'verb'> {
    const series = durations.get(verb) ?? duration.labels(verb)
    durations.set(verb, series)
    return series
  }

  return {
    started(exchange) {
      inFlight.of(kindOf(exchange)).value += 1
    },
    ended(exchange) {
      const kind = kindOf(exchange)
      inFlight.of(kind).value -= 1
      const verb = verbLabel(exchange)
      requests.of(verb, codeLabel(exchange)).value += 1
      if (exchange.refusal !== undefined) refusals.of(exchange.refusal).value += 1
      else if (kind === 'short') durationOf(verb).observe(secondsOf(exchange))
      else closed.of(kind, exchange.closeReason ?? 'completed').value += 1
      bytesIn.value += exchange.bytesIn
      bytesOut.value += exchange.bytesOut
    },
  }
}

function secondsOf({ startedAt, endedAt }: Exchange): number {
  return Math.max(0, ((endedAt ?? startedAt) - startedAt) / 1000)
}
