import { differences } from './differences.ts'
import type { Reviewed, Verdict } from './judges.ts'
import { readSample } from './read-sample.ts'
import type { Sample } from './samples/sample.ts'

/** What the gateway must say, and the rule that makes it differ from kube-apiserver. */
export interface Expected {
  readonly verdict: Reviewed | number
  readonly rules: readonly string[]
}

/**
 * What the gateway must say of a token.
 *
 * @param kube what kube-apiserver says
 * @param now seconds since the epoch
 */
export function expectedOf(sample: Sample, kube: Verdict, now: number): Expected {
  if (kube.kind === 'refused') return { verdict: kube.status, rules: [] }
  const read = readSample(sample, now)
  const reasons = differences.filter(({ isAbout }) => isAbout(read, kube.user))
  const rules = reasons.map(({ rule }) => rule)
  const [first] = reasons
  if (first === undefined) return { verdict: kube.user, rules }
  const { becomes } = first
  return { verdict: typeof becomes === 'number' ? becomes : becomes(kube.user, read), rules }
}
