import fc from 'fast-check'
import { variants } from '../variants.ts'
import { oddValues } from './claims.ts'
import type { Press, Sample } from './sample.ts'

const odd = fc.constantFrom(...Object.values(oddValues))
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('john', 'jane', 'Kate Ünal', 'dev', 'a@b.c') },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }).map((text) => `system:${text}`) },
)
const names = fc.array(name, { maxLength: 5 })

/** An honest value in most cases, or anything. */
function mostly<T>(honest: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 8, arbitrary: honest },
    { weight: 3, arbitrary: odd },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  )
}

const claims = fc.record(
  {
    sub: mostly(name),
    groups: mostly(names),
    email: mostly(name),
    email_verified: mostly(fc.boolean()),
    n: mostly(
      fc.oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.maxSafeInteger(),
      ),
    ),
    b: mostly(fc.boolean()),
    obj: mostly(fc.record({ roles: mostly(names), 'a.b': mostly(name) }, { requiredKeys: [] })),
    hd: mostly(fc.constantFrom('a.example', '')),
    uid: mostly(name),
    jti: mostly(fc.constantFrom('1', '2')),
    'https://a.example/name': mostly(name),
  },
  { requiredKeys: [] },
)

/**
 * Tokens that nobody has thought of.
 *
 * @param seed the same one makes the same tokens
 */
export function generatedSamples(press: Press, seed: number, count: number): readonly Sample[] {
  const variant = fc.constantFrom(...variants.map((candidate) => candidate.name))
  const tokens = fc.sample(fc.tuple(variant, claims), { seed, numRuns: count })
  return tokens.map(([chosen, filled], index) =>
    press.sample(`generated ${index} of seed ${seed}`, chosen, filled),
  )
}
