/** Puts load on a gateway and tells what it costs: `npm run load -- --help`. */
import { onStage } from '../gateway/servers/stage.ts'
import { help } from './help.ts'
import { parsePlan } from './parse-plan.ts'
import type { LoadPlan } from './plan.ts'
import { loadReport } from './report.ts'
import { runLoad } from './run-load.ts'
import { openTarget } from './target.ts'
import { writeFigures } from './write-figures.ts'

try {
  const plan = parsePlan(process.argv.slice(2))
  if (plan === undefined) console.log(help)
  else if (plan.write) await writeFigures(console.log)
  else await run(plan)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function run(plan: LoadPlan): Promise<void> {
  await onStage(async (stage) => {
    const target = await openTarget(stage, plan)
    console.log(loadReport(await runLoad(target, plan, (text) => console.log(`${text} …`))))
  })
}
