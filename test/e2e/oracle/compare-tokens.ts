import { expectedOf } from './compare.ts'
import { inParallel } from './in-parallel.ts'
import { judgeAt } from './judges.ts'
import { claimSamples } from './samples/claims.ts'
import { generatedSamples } from './samples/generated.ts'
import { ruleSamples } from './samples/rules.ts'
import { signatureSamples } from './samples/signatures.ts'
import type { OracleWorld } from './world.ts'

/** What came of showing many tokens to both judges. */
export interface Comparison {
  /** One text for each token whose verdicts differ and should not, or do not and should. */
  readonly differences: readonly string[]
  /** Rules of the table of differences that explained others. */
  readonly rules: ReadonlySet<string>
  readonly count: number
}

/** How many tokens are made up. */
const generated = 400

/** Shows each token to both judges. */
export async function compareTokens(world: OracleWorld, seed: number): Promise<Comparison> {
  const { press, kube, gateway } = world
  const samples = [
    ...claimSamples(press),
    ...ruleSamples(press),
    ...signatureSamples(press),
    ...generatedSamples(press, seed, generated),
  ]
  const [askKube, askGateway] = [judgeAt(kube), judgeAt(gateway)]
  const verdicts = await inParallel(samples, async ({ token }) => ({
    theirs: await askKube(token),
    ours: await askGateway(token),
  }))
  const rules = new Set<string>()
  const differences = verdicts.flatMap(([sample, { theirs, ours }]) => {
    const expected = expectedOf(sample, theirs, press.now)
    for (const rule of expected.rules.slice(0, 1)) rules.add(rule)
    const given = JSON.stringify(ours.kind === 'user' ? ours.user : ours.status)
    const wanted = JSON.stringify(expected.verdict)
    if (given === wanted) return []
    const { variant, name, header, claims } = sample
    const texts = [header, claims].map((text) => text.slice(0, 1000)).join('\n  ')
    return `${variant.name}, ${name}: ${given} and not ${wanted} (${expected.rules.join(', ')})\n  ${texts}`
  })
  return { differences, rules, count: samples.length }
}
