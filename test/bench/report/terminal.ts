import { type Figure, type Measured, ratioTo, reached, type Side, valueFor } from './figure.ts'
import { limitText, numberText, sideText, spreadText, valueText } from './format.ts'
import { type Goal, goalOf } from './goals.ts'

/** The figures of a run for a terminal: what was measured, then what is reached. */
export function terminalReport(figures: readonly Figure[]): string {
  const measured = figures.filter((figure) => figure.kind === 'measured')
  return [...measured.map(details), verdicts(figures)].join('\n\n')
}

function details(figure: Measured): string {
  const { ours, rival, more = [], setting } = figure
  const { sentence } = goalOf(figure.goal)
  const lines = [ours, ...(rival ? [rival] : []), ...more].map((side) => line(side, rival))
  return [sentence, ...(setting ? [`  ${setting}`] : []), ...lines].join('\n')
}

function line(side: Side, rival: Side | undefined): string {
  const { name, processorMs } = side
  const ratio = side === rival ? undefined : ratioTo(rival, side)
  const words = [
    `  ${name.padEnd(34)} ${sideText(side)}`,
    ...(processorMs
      ? [`processor ${numberText(processorMs.median)} ms ${spreadText(processorMs)}`]
      : []),
    ...(ratio === undefined ? [] : [`${numberText(ratio)} x ${rival?.name}`]),
  ]
  return words.join('  ')
}

function verdicts(figures: readonly Figure[]): string {
  return figures.map((figure) => verdict(figure, goalOf(figure.goal))).join('\n')
}

function verdict(figure: Figure, goal: Goal): string {
  const label = goal.id.padEnd(26)
  if (figure.kind === 'not measured') return `${label} not measured: ${figure.reason}`
  const value = valueFor(figure, goal)
  const limits = `must ${limitText(goal, goal.must)}, aim ${limitText(goal, goal.aim)}`
  const word = { aim: 'aim reached', must: 'must reached', no: 'NOT REACHED' }
  return `${label} ${valueText(goal, value).padEnd(9)} ${word[reached(value, goal)]} (${limits})`
}
