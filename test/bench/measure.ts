import { spawnSync } from 'node:child_process'

/** A command that is timed as a whole process. */
export interface Contestant {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

/**
 * Times commands in turn, round by round, and makes a table of their medians.
 *
 * @param base the contestant to which the others are compared
 */
export function measure(
  contestants: readonly Contestant[],
  base: Contestant,
  rounds: number,
): string {
  const times = new Map<Contestant, number[]>(contestants.map((one) => [one, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of contestants) {
      const tookMs = timeOnceMs(one)
      // The first round only warms the file cache.
      if (round > 0) times.get(one)?.push(tookMs)
    }
  }
  const baseMs = median(times.get(base) ?? [])
  return [...times].map(([one, all]) => row(one.name, all, baseMs, base.name)).join('\n')
}

function row(name: string, all: readonly number[], baseMs: number, baseName: string): string {
  const middle = median(all)
  const spread = `${Math.min(...all).toFixed(1)}-${Math.max(...all).toFixed(1)}`
  const ratio = (middle / baseMs).toFixed(2)
  return `${name.padEnd(20)} ${middle.toFixed(1).padStart(7)} ms  (${spread})  ${ratio} x ${baseName}`
}

function timeOnceMs({ name, command, args }: Contestant): number {
  const startedAt = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${name} failed with exit code ${status}`)
  return performance.now() - startedAt
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
