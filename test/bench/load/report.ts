import { percentile } from './at-rate.ts'
import type { Done, LoadFigures, Phase, Taken } from './figures.ts'

/** The figures of a run for a terminal. */
export function loadReport({
  idleBytes,
  requests,
  connections,
  watches,
  together,
}: LoadFigures): string {
  const lines = [
    ...block('Before the load', takenText(idleBytes, megabytes)),
    ...phaseBlock('Requests on connections that stay', requests),
    ...phaseBlock('New connections with one request each', connections),
    ...(watches.count > 0
      ? [
          ...phaseBlock('Opening watches', watches.opening),
          ...block(`${watches.count} watches that are held`, [
            ...takenText(watches.bytes, (bytes) => `${(bytes / 1024).toFixed(1)} KB each`),
            ...takenText(
              watches.processorMsPerMinute,
              (ms) => `${ms.toFixed(2)} ms of processor time each a minute`,
            ),
            `${watches.events} events came`,
          ]),
        ]
      : []),
    ...block('All together', [
      ...doneText('requests', together.requests),
      ...doneText('connections', together.connections),
      ...takenText(together.processors, (count) => `${count.toFixed(2)} processors busy`),
    ]),
  ]
  return lines.join('\n')
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
}

function phaseBlock(title: string, phase: Phase): string[] {
  if (phase.wanted === 0) return []
  const costs = takenText(
    phase.processorMs,
    (ms) => `${ms.toFixed(2)} ms of processor time each: ${perCore(ms)} a second on a core`,
  )
  return block(title, [...doneText('', phase), ...costs])
}

function doneText(what: string, { wanted, tally }: Done): string[] {
  if (wanted === 0) return []
  const ms = (share: number): string => `${percentile(tally, share).toFixed(1)} ms`
  const errors = [...tally.errors].map(([error, count]) => `${count} x ${error}`)
  const late =
    tally.lateMs > 100 ? [`this computer itself was held up for ${tally.lateMs.toFixed(0)} ms`] : []
  const rate = `${tally.perSecond.toFixed(1)} of ${wanted} ${what}`.trim()
  return [
    `${rate} a second, p50 ${ms(0.5)}, p99 ${ms(0.99)}, errors: ${errors.join(', ') || 'none'}`,
    ...late,
  ]
}

function takenText(all: readonly Taken[], text: (amount: number) => string): string[] {
  return all.map(({ name, amount }) => `${name}: ${text(amount)}`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

function perCore(ms: number): string {
  return (1000 / ms).toFixed(0)
}
