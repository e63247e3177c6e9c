import { readFileSync, writeFileSync } from 'node:fs'
import { onStage } from '../gateway/servers/stage.ts'
import { describeMachine } from '../report/index.ts'
import { costsOf } from './capacity.ts'
import type { LoadFigures } from './figures.ts'
import type { LoadPlan } from './plan.ts'
import { loadReport } from './report.ts'
import { runLoad, type Say } from './run-load.ts'
import { scalingTexts, withTexts } from './scaling-page.ts'
import { openTarget } from './target.ts'

const page = 'docs/scaling.md'

const silent: LoadPlan = {
  users: 200,
  requestsPerSecond: 500,
  connections: 50,
  connectionsPerSecond: 50,
  watches: 1500,
  opensPerSecond: 50,
  eventSeconds: 0,
  durationMs: 10_000,
  target: { kind: 'local', apiServer: 'stand-in', workers: '1' },
  write: false,
}
const telling: LoadPlan = {
  ...silent,
  requestsPerSecond: 0,
  connectionsPerSecond: 0,
  eventSeconds: 5,
}
const real: LoadPlan = {
  ...silent,
  requestsPerSecond: 200,
  connectionsPerSecond: 20,
  watches: 1000,
  target: { kind: 'local', apiServer: 'kube-apiserver', workers: '1' },
}

/** Measures what `docs/scaling.md` is about, and writes the figures and what follows from them into the page. */
export async function writeFigures(say: Say): Promise<void> {
  const run = async (name: string, plan: LoadPlan): Promise<LoadFigures> => {
    say(name)
    const figures = await onStage(
      async (stage) => await runLoad(await openTarget(stage, plan), plan, say),
    )
    say(loadReport(figures))
    return figures
  }
  const runs = {
    silent: await run('watches that are silent', silent),
    telling: await run('watches that tell something', telling),
    real: await run('a real kube-apiserver', real),
  }
  const facts = [...describeMachine(), ['date', new Date().toISOString().slice(0, 10)] as const]
  const texts = scalingTexts(costsOf(runs, silent.durationMs), facts)
  writeFileSync(page, withTexts(readFileSync(page, 'utf8'), texts))
  say(`Written to ${page}`)
}
