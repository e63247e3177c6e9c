import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exchange } from '../testing/exchange.ts'
import { gatewayMetrics, type MetricSources } from './gateway-metrics.ts'

function metrics(more: Partial<MetricSources> = {}) {
  return gatewayMetrics({
    now: () => 1_000_000,
    issuers: () => [],
    credentialExpiresAt: () => undefined,
    servingCertificateExpiresAt: () => undefined,
    openConnections: () => 0,
    auditLinesLost: () => 0,
    upstreamOutcome: () => undefined,
    ...more,
  })
}

async function seriesOf(of: ReturnType<typeof metrics>, name: string): Promise<string[]> {
  const text = await of.registry.metrics()
  return text.split('\n').filter((line) => line.startsWith(name))
}

test('a request is counted by verb and status, and its time by verb', async () => {
  const all = metrics()
  const one = exchange()
  all.observer.started(one)
  expect(await seriesOf(all, 'oidc_gateway_in_flight')).toEqual([
    'oidc_gateway_in_flight_requests{kind="short"} 1',
  ])
  all.observer.ended(one)
  expect(await seriesOf(all, 'oidc_gateway_requests_total')).toEqual([
    'oidc_gateway_requests_total{verb="list",code="200"} 1',
  ])
  expect(await seriesOf(all, 'oidc_gateway_in_flight')).toEqual([
    'oidc_gateway_in_flight_requests{kind="short"} 0',
  ])
  expect(await seriesOf(all, 'oidc_gateway_request_duration_seconds_sum')).toEqual([
    'oidc_gateway_request_duration_seconds_sum{verb="list"} 0.01',
  ])
})

test('a refusal is counted by its reason, a stream by why it was closed', async () => {
  const all = metrics()
  const refused = exchange({ refusal: 'token_expired', status: 401, closeReason: 'refused' })
  const watch = exchange({ target: '/api/v1/pods?watch=1', closeReason: 'client_aborted' })
  for (const one of [refused, watch]) {
    all.observer.started(one)
    all.observer.ended(one)
  }
  expect(await seriesOf(all, 'oidc_gateway_refusals_total')).toEqual([
    'oidc_gateway_refusals_total{reason="token_expired"} 1',
  ])
  expect(await seriesOf(all, 'oidc_gateway_streams_closed_total')).toEqual([
    'oidc_gateway_streams_closed_total{kind="watch",reason="client_aborted"} 1',
  ])
})

test('what the API server said last is told, also when no request comes any more', async () => {
  const name = 'oidc_gateway_upstream_outcome'
  expect(await seriesOf(metrics(), name)).toEqual([])
  const all = metrics({ upstreamOutcome: () => 'impersonation_refused' })
  expect(await seriesOf(all, name)).toEqual([
    `${name}{outcome="good"} 0`,
    `${name}{outcome="unreachable"} 0`,
    `${name}{outcome="credential_refused"} 0`,
    `${name}{outcome="impersonation_refused"} 1`,
  ])
})

test('H10 nothing that a client sends becomes a label', async () => {
  const all = metrics()
  for (let index = 0; index < 200; index += 1) {
    const odd = exchange({
      method: 'PROPFIND',
      target: `/apis/g${index}/v1/r${index}/n`,
      status: index,
    })
    all.observer.started(odd)
    all.observer.ended(odd)
  }
  const text = await all.registry.metrics()
  expect(text).not.toMatch(/PROPFIND|propfind|g1[0-9]|john|192\.0\.2/)
  const series = await seriesOf(all, 'oidc_gateway_requests_total')
  expect(series.every((line) => /verb="other",code="(none|1\d\d)"/.test(line))).toBe(true)
})

test('what is sampled is looked at when it is asked for', async () => {
  let keysLoadedAt: number | undefined
  const all = metrics({
    issuers: () => [{ issuer: 'https://sso.example.com', keysLoadedAt, isFailing: true }],
    credentialExpiresAt: () => 1_060_000,
  })
  expect(await seriesOf(all, 'oidc_gateway_issuer_keys_age')).toEqual([])
  keysLoadedAt = 990_000
  expect(await seriesOf(all, 'oidc_gateway_issuer_keys')).toEqual([
    'oidc_gateway_issuer_keys_age_seconds{issuer="https://sso.example.com"} 10',
    'oidc_gateway_issuer_keys_failing{issuer="https://sso.example.com"} 1',
  ])
  expect(await seriesOf(all, 'oidc_gateway_upstream_credential_expiry')).toEqual([
    'oidc_gateway_upstream_credential_expiry_seconds 60',
  ])
  expect(await seriesOf(all, 'oidc_gateway_serving_certificate_expiry')).toEqual([])
})

test('a configuration is counted, and only the one in force is named', async () => {
  const all = metrics()
  all.configurationLoaded({ kind: 'success', hash: 'a' })
  all.configurationLoaded({ kind: 'failure' })
  all.configurationLoaded({ kind: 'success', hash: 'b' })
  expect(await seriesOf(all, 'oidc_gateway_config')).toEqual([
    'oidc_gateway_config_reloads_total{status="success"} 2',
    'oidc_gateway_config_reloads_total{status="failure"} 1',
    'oidc_gateway_config_last_reload_success_timestamp_seconds 1000',
    'oidc_gateway_config_info{hash="b"} 1',
  ])
})

/** Names of metrics in a text, without the suffixes of a histogram. */
function namesIn(text: string): string[] {
  const found = [...text.matchAll(/\boidc_gateway_\w+/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum)$/, ''),
  )
  return [...new Set(found)].sort()
}

test('the documentation lists every metric, and the dashboard and the alerts know no other', async () => {
  const all = await metrics().registry.getMetricsAsJSON()
  const names = all.map(({ name }) => name).filter((name) => name.startsWith('oidc_gateway_'))
  const read = (file: string): string => readFileSync(join('docs', 'operations', file), 'utf8')
  expect(namesIn(read('metrics.md'))).toEqual(names.sort())
  for (const file of ['alerts.yaml', 'dashboard.json']) {
    expect(names).toEqual(expect.arrayContaining(namesIn(read(file))))
  }
})
