import { expect, test } from 'vitest'
import { tablesOf } from '../../../tools/check/markdown.ts'
import type { Figure } from './figure.ts'
import { benchmarksPage, goals, runMeasurements, summarize, terminalReport } from './index.ts'

const figures: readonly Figure[] = [
  {
    kind: 'measured',
    goal: 'cached-executable',
    ours: { name: 'executable', unit: 'ms', summary: summarize([5, 6, 7]) },
    rival: { name: 'kubelogin', unit: 'ms', summary: summarize([7, 8, 9]) },
    programs: [{ name: 'kubelogin', version: 'v1.36.3' }],
    setting: '3 rounds.',
  },
  {
    kind: 'measured',
    goal: 'requests-nginx',
    ours: { name: 'gateway', unit: 'requests/s', summary: summarize([3000]) },
    rival: { name: 'nginx', unit: 'requests/s', summary: summarize([10_000]) },
  },
  {
    kind: 'measured',
    goal: 'watch-memory',
    ours: { name: 'gateway', unit: 'KB', summary: summarize([40]) },
  },
  { kind: 'not measured', goal: 'api-server', reason: 'needs KUBE_APISERVER=/path' },
]

const page = benchmarksPage({
  figures,
  machine: [['processor', '2 x some model']],
  date: '2026-11-26',
  durationSec: 100,
})

test('measurements are summed up by their median and their middle half', () => {
  expect(summarize([9, 1, 3, 7, 5])).toEqual({ median: 5, low: 3, high: 7, count: 5 })
  expect(summarize([2, 4])).toEqual({ median: 3, low: 2.5, high: 3.5, count: 2 })
  expect(() => summarize([])).toThrow('nothing was measured')
  expect(() => summarize([1, Number.NaN])).toThrow('not a number')
})

test('every figure is held against what must be and what is aimed at', () => {
  const table = tablesOf(page).find(({ heading }) => heading === 'Figures')
  expect(table?.rows.map(({ cells }) => cells.slice(1))).toEqual([
    ['≤ 1.1', '≤ 0.8', '0.75', 'the aim'],
    ['≥ 0.4', '≥ 0.9', '0.30', '**no**'],
    ['≤ 60 KB', '≤ 25 KB', '40.0 KB', 'what must be'],
    ['≥ 0.6', '≥ 0.9', 'not measured', ''],
  ])
  const said = terminalReport(figures)
  expect(said).toContain('0.75      aim reached (must ≤ 1.1, aim ≤ 0.8)')
  expect(said).toContain('0.30      NOT REACHED (must ≥ 0.4, aim ≥ 0.9)')
  expect(said).toContain('40.0 KB   must reached (must ≤ 60 KB, aim ≤ 25 KB)')
  expect(said).toContain('not measured: needs KUBE_APISERVER=/path')
})

test('the page names the machine, the rivals and what every contestant needed', () => {
  expect(page).toContain('| processor | 2 x some model |')
  expect(page).toContain('| kubelogin | v1.36.3 |')
  expect(page).toContain('| date | 2026-11-26, 2 minutes |')
  expect(page).toContain('| executable | 6.00 ms (5.50 to 6.50) | 0.75 |')
  expect(page).toContain('| kubelogin | 8.00 ms (7.50 to 8.50) | 1.00 |')
  expect(page).toContain('Not measured: needs KUBE_APISERVER=/path.')
})

test('a measurement that fails does not lose the others', async () => {
  const said: string[] = []
  const results = await runMeasurements(
    [
      {
        name: 'broken',
        goals: ['cached-node', 'kubectl-get'],
        measure: async () => await Promise.reject(new Error('it broke\nin two lines')),
      },
      { name: 'whole', goals: ['cached-executable'], measure: async () => figures },
    ],
    (text) => said.push(text),
  )
  expect(results).toEqual([
    { kind: 'not measured', goal: 'cached-node', reason: 'failed: it broke' },
    { kind: 'not measured', goal: 'kubectl-get', reason: 'failed: it broke' },
    figures[0],
  ])
  expect(said).toEqual(['[1/2] broken', '  failed: it broke\nin two lines', '[2/2] whole'])
})

test('a measurement that hangs does not hold up the others', async () => {
  const results = await runMeasurements(
    [
      { name: 'hanging', goals: ['cached-node'], measure: () => new Promise(() => undefined) },
      { name: 'whole', goals: ['cached-executable'], measure: async () => figures },
    ],
    () => undefined,
    1,
  )
  const reason = 'failed: it did not come to an end'
  expect(results).toEqual([{ kind: 'not measured', goal: 'cached-node', reason }, figures[0]])
})

test('what must be reached is easier than the aim, for every goal', () => {
  for (const { id, better, must, aim } of goals) {
    expect(better === 'smaller' ? aim < must : aim > must, id).toBe(true)
  }
})
