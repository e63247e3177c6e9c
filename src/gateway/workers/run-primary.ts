import { OidcLoginError } from '../../errors.ts'
import { aborted, type Clock } from '../../system/index.ts'
import type { AuditSink } from '../audit/index.ts'
import type { GatewayConfiguration } from '../config/index.ts'
import { aggregatedMetrics } from '../metrics/index.ts'
import { type GatewayLog, operationsServer, type ReadinessCheck } from '../operations/index.ts'
import type { UpstreamCertificate } from '../upstream/index.ts'
import { createCrew } from './crew.ts'
import type { WorkerReport } from './messages.ts'

/** What the primary process needs. */
export interface PrimaryOptions {
  readonly configuration: GatewayConfiguration
  /** How many workers. */
  readonly count: number
  readonly clock: Clock
  readonly log: GatewayLog
  readonly sink: AuditSink
  /** Begins to listen for probes, with the error that fits. */
  readonly listening: (listen: () => Promise<number>) => Promise<number>
  /** Aborted by the signal that ends the gateway. */
  readonly interrupted: AbortSignal
  /** Renews the client certificate for all workers until it is stopped. Never rejects. */
  readonly keepRenewed: (
    hand: (certificate: UpstreamCertificate) => void,
    signal: AbortSignal,
  ) => Promise<void>
  /** Its own metrics, as prom-client's `getMetricsAsJSON` gives them. */
  readonly metrics: () => Promise<readonly object[]>
}

/**
 * Runs workers that share one port, with one set of probes, one sum of metrics and one audit log. The
 * primary process sees no request.
 *
 * @throws OidcLoginError `workers_failed`, `address_unavailable`
 */
export async function runPrimary(options: PrimaryOptions): Promise<void> {
  const { configuration, count, clock, log, sink, interrupted } = options
  const { host, port, drainDelayMs } = configuration.operations
  const crew = createCrew({
    count,
    clock,
    log,
    audit: sink.relay,
  })
  let reports: readonly WorkerReport[] = []
  let isDraining = false
  const probes = operationsServer({
    readiness: async () => {
      reports = await crew.reports()
      return readinessOfAll(reports, isDraining)
    },
    metrics: async () =>
      await aggregatedMetrics(
        [await options.metrics(), ...(await crew.reports()).map(({ metrics }) => metrics)],
        sink.lost(),
      ),
  })
  const operationsPort = await options.listening(async () => await probes.listen(host, port))
  try {
    const found = await crew.start()
    if (found === undefined) throw workersFailed()
    log.info('The gateway listens.', { port: found, operationsPort, workers: count })
    void options.keepRenewed(crew.hand, interrupted)
    await aborted(interrupted)
    log.info('A signal ends the gateway; what is under way may end first.')
    isDraining = true
    await clock.sleep(drainDelayMs)
    await crew.drain()
    log.info('The gateway has ended.')
  } finally {
    await Promise.all([probes.close(), sink.close()])
  }
}

/** Ready as soon as one worker is: those that are not take no connections yet. */
function readinessOfAll(reports: readonly WorkerReport[], isDraining: boolean): ReadinessCheck[] {
  const isGood = ({ readiness }: WorkerReport): boolean => readiness.every((check) => check.isGood)
  const best = reports.find(isGood) ?? reports[0]
  const own: ReadinessCheck[] = [{ name: 'draining', isGood: !isDraining }]
  if (best === undefined) return [{ name: 'listener', isGood: false }, ...own]
  return [...best.readiness.filter(({ name }) => name !== 'draining'), ...own]
}

function workersFailed(): OidcLoginError {
  return new OidcLoginError('workers_failed', 'No worker of the gateway could start.', {
    hint: 'What each of them said stands above; with workers: 1 there is only one to say it.',
  })
}
