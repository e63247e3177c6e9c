import { inParallel } from './in-parallel.ts'
import { judgeAt, type Reviewed, type Verdict } from './judges.ts'
import { callers, type Right, rightsAsYaml, type Wish, wishes } from './nested-cases.ts'
import type { OracleWorld } from './world.ts'

/** What came of acting as others. */
export interface NestedComparison {
  readonly differences: readonly string[]
  /** Rules of the table of differences that explained others. */
  readonly rules: ReadonlySet<string>
  readonly count: number
}

/** Where the gateway says who it really was. */
const originalUser = 'oidc-gateway/original-user'

/** Lets people with various rights act as others: by kube-apiserver, and by the gateway that reviews it. */
export async function compareNested(world: OracleWorld): Promise<NestedComparison> {
  const { cluster, press, kube, gateway } = world
  await cluster.apply(rightsAsYaml())
  const [askKube, askGateway] = [judgeAt(kube), judgeAt(gateway)]
  const cases = callers.flatMap((caller) => wishes.map((wish) => ({ caller, wish })))
  const verdicts = await inParallel(cases, async ({ caller, wish }) => {
    const groups = caller.map((right) => `oracle:${right}`)
    const { token } = press.sample('', 'plain', { sub: 'caller', groups, jti: undefined })
    return {
      theirs: await askKube(token, wish.lines),
      ours: await askGateway(token, wish.lines),
    }
  })
  const rules = new Set<string>()
  const differences = verdicts.flatMap(([{ caller, wish }, { theirs, ours }]) => {
    const { wanted, rule } = expectedOf(caller, wish, theirs)
    if (rule !== undefined) rules.add(rule)
    const given = JSON.stringify(summary(ours))
    if (given === JSON.stringify(wanted)) return []
    return `as ${wish.name}, with the rights ${caller.join()}: ${given} and not ${JSON.stringify(wanted)}`
  })
  return { differences, rules, count: cases.length }
}

interface Expected {
  readonly wanted: Reviewed | number
  readonly rule?: string
}

function expectedOf(caller: readonly Right[], { isOdd, lines }: Wish, theirs: Verdict): Expected {
  if (isOdd) return { wanted: 400, rule: 'A19' }
  if (theirs.kind === 'refused') return { wanted: theirs.status }
  if (lines.length === 0) return { wanted: theirs.user }
  if (caller.includes('constrained')) return { wanted: 403, rule: 'A20' }
  const groups = caller.map((right) => `oracle:${right}`)
  const value = JSON.stringify({ username: 'caller', ...(groups.length === 0 ? {} : { groups }) })
  const extra = [...theirs.user.extra, [originalUser, [value]] as const]
  return { wanted: { ...theirs.user, extra: extra.sort() }, rule: 'A22' }
}

function summary(verdict: Verdict): Reviewed | number {
  return verdict.kind === 'user' ? verdict.user : verdict.status
}
