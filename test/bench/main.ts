/**
 * Figures, as ratios to rivals in the same run.
 *
 *   npm run bench                        everything; writes docs/benchmarks.md when nothing is missing
 *   npm run bench -- --write             writes it with what is missing, too
 *   npm run bench -- client              the plugin only, and writes nothing
 *   npm run bench -- gateway             the gateway only, and writes nothing
 *   npm run bench -- cached-node …       what has to do with these goals, and writes nothing
 *
 * KUBELOGIN=/path and KUBE_OIDC_PROXY=/path name the rivals that no package has; BENCH_ROUNDS=200 and BENCH_SECONDS=10
 * take longer.
 */
import { writeFileSync } from 'node:fs'
import { clientMeasurements } from './client/index.ts'
import { gatewayMeasurements } from './gateway/index.ts'
import {
  benchmarksPage,
  describeMachine,
  type Figure,
  goals,
  type Measurement,
  runMeasurements,
  terminalReport,
} from './report/index.ts'

const page = 'docs/benchmarks.md'
const parts: Readonly<Record<string, readonly Measurement[]>> = {
  client: clientMeasurements,
  gateway: gatewayMeasurements,
}
const words = process.argv.slice(2)
const wanted = words.filter((word) => word !== '--write')
const isWhole = wanted.length === 0
const chosen = isWhole ? Object.values(parts).flat() : [...new Set(wanted.flatMap(measurementsOf))]

const startedAt = performance.now()
const machine = describeMachine()
for (const [name, value] of machine) console.log(`${name}: ${value}`)
const measured = await runMeasurements(chosen, (text) => console.log(text))
const figures = isWhole ? everyGoal(measured) : measured
console.log(`\n${terminalReport(figures)}`)
if (isWhole) writePage(figures)
// A measurement that hung may still hold processes and timers.
process.exit()

function measurementsOf(word: string): readonly Measurement[] {
  const all = Object.values(parts).flat()
  const found = parts[word] ?? all.filter(({ goals }) => goals.some((goal) => goal === word))
  if (found.length > 0) return found
  const names = [...Object.keys(parts), ...goals.map(({ id }) => id)]
  throw new Error(`Nothing is called "${word}". There are: ${names.join(', ')}.`)
}

/** A figure for each goal, in the order of the table. */
function everyGoal(known: readonly Figure[]): Figure[] {
  return goals.map(
    ({ id }) =>
      known.find(({ goal }) => goal === id) ?? {
        kind: 'not measured',
        goal: id,
        reason: 'nothing measures it',
      },
  )
}

function writePage(figures: readonly Figure[]): void {
  const missing = figures.filter(({ kind }) => kind === 'not measured').length
  if (missing > 0 && !words.includes('--write')) {
    console.log(`\n${page} stays as it is: ${missing} not measured (--write writes it anyway).`)
    return
  }
  const date = new Date().toISOString().slice(0, 10)
  const durationSec = (performance.now() - startedAt) / 1000
  writeFileSync(page, benchmarksPage({ figures, machine, date, durationSec }))
  console.log(`\nWritten to ${page}`)
}
