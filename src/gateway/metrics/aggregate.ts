import { AggregatorRegistry } from 'prom-client'

/**
 * Puts the metrics of several processes together, each by its own rule: counts are added, ends of
 * certificates are not.
 *
 * @param ofWorkers what each worker's registry gives as JSON
 * @param auditLinesLost by the process that writes them
 * @returns the text format of Prometheus
 */
export async function aggregatedMetrics(
  ofWorkers: readonly (readonly object[])[],
  auditLinesLost: number,
): Promise<string> {
  const text = await AggregatorRegistry.aggregate(
    ofWorkers.map((metrics) => [...metrics]),
  ).metrics()
  return text.replace(/^(oidc_gateway_audit_lines_lost) .*$/m, `$1 ${auditLinesLost}`)
}
