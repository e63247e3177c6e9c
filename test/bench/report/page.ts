import {
  type Figure,
  type Measured,
  type Program,
  ratioTo,
  reached,
  type Side,
  valueFor,
} from './figure.ts'
import { limitText, numberText, sideText, spreadText, valueText } from './format.ts'
import { type Goal, goalOf } from './goals.ts'
import { obstacles } from './obstacles.ts'

/** What a page tells of a run. */
export interface Run {
  readonly figures: readonly Figure[]
  /** Pairs of a name and a value. */
  readonly machine: readonly (readonly [name: string, value: string])[]
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly durationSec: number
}

/** The page `docs/benchmarks.md` of a run. */
export function benchmarksPage({ figures, machine, date, durationSec }: Run): string {
  const facts = [...machine, ['date', `${date}, ${Math.ceil(durationSec / 60)} minutes`] as const]
  return `# Benchmarks

<!-- Written by npm run bench: change test/bench/report, not this page. -->

\`npm run bench\` measured all of this in one run ([how to run it](../CONTRIBUTING.md)). A figure is the ratio of two medians, ours to
the rival's, or our median where there is no rival. Rivals are measured in the same run and in turn with ours, so that the
machine's moods fall on both alike. In brackets is the middle half of the rounds. Ratios carry to other machines, times do not.

| where | |
| --- | --- |
${facts.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}
${programsOf(figures)
  .map(({ name, version }) => `| ${name} | ${version} |`)
  .join('\n')}

## Figures

| figure | must | aim | measured | reached |
| --- | --- | --- | --- | --- |
${figures.map((figure) => row(figure, goalOf(figure.goal))).join('\n')}

## Details

${figures.map((figure) => details(figure, goalOf(figure.goal))).join('\n\n')}
`
}

function programsOf(figures: readonly Figure[]): Program[] {
  const all = figures.flatMap((figure) =>
    figure.kind === 'measured' ? (figure.programs ?? []) : [],
  )
  return [...new Map(all.map((program) => [program.name, program])).values()]
}

function row(figure: Figure, goal: Goal): string {
  const cells = [goal.sentence, limitText(goal, goal.must), limitText(goal, goal.aim)]
  if (figure.kind === 'not measured') return `| ${cells.join(' | ')} | not measured | |`
  const value = valueFor(figure, goal)
  const word = { aim: 'the aim', must: 'what must be', no: '**no**' }
  return `| ${cells.join(' | ')} | ${valueText(goal, value)} | ${word[reached(value, goal)]} |`
}

function details(figure: Figure, goal: Goal): string {
  const head = `### ${goal.sentence}\n\n${goal.method}`
  if (figure.kind === 'not measured') {
    return `${head}\n\nNot measured: ${figure.reason.replaceAll('|', '\\|')}.`
  }
  const setting = figure.setting ? ` ${figure.setting}` : ''
  const hasReachedAim = reached(valueFor(figure, goal), goal) === 'aim'
  const obstacle = hasReachedAim ? undefined : obstacles[goal.id]
  return [`${head}${setting}`, sides(figure), ...(obstacle ? [obstacle] : [])].join('\n\n')
}

function sides({ ours, rival, more = [] }: Measured): string {
  const all = [ours, ...(rival ? [rival] : []), ...more]
  const hasProcessor = all.some(({ processorMs }) => processorMs)
  const columns = [
    '',
    'median',
    ...(hasProcessor ? ['processor time'] : []),
    ...(rival ? [`to ${rival.name}`] : []),
  ]
  const lines = all.map((side) => [
    side.name,
    sideText(side),
    ...(hasProcessor ? [processorText(side)] : []),
    ...(rival ? [ratioText(side, rival)] : []),
  ])
  return [columns, columns.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function processorText({ processorMs }: Side): string {
  if (processorMs === undefined) return ''
  return `${numberText(processorMs.median)} ms ${spreadText(processorMs)}`
}

function ratioText(side: Side, rival: Side): string {
  const ratio = ratioTo(rival, side)
  return ratio === undefined ? '' : numberText(ratio)
}
