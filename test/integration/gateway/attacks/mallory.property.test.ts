import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { UserInfo } from '../../../../src/gateway/identity/index.ts'
import { decide } from '../../../../src/gateway/impersonation/index.ts'
import { admit, type HeaderLine } from '../../../../src/gateway/request/index.ts'
import { identity, rawRequest, rules } from '../../../../src/gateway/testing/samples.ts'
import { type InForce, load } from '../../../world/gateway/in-force.ts'
import { john, malloryClaims, setups } from '../../../world/gateway/mallory.ts'

function decisionFor({ gateway }: InForce, user: UserInfo, lines: HeaderLine[] = []) {
  const request = admit(rawRequest({}, lines), rules)
  if (request.kind !== 'admitted') throw new Error('the request is refused')
  return decide(request, identity(user), gateway.impersonation)
}

function isReserved(group: string): boolean {
  return group.startsWith('system:') && group !== 'system:authenticated'
}

/** Configurations that are accepted, and what Mallory could do to each. */
const accepted = setups.map((setup) => ({ setup, loaded: load(setup) }))

test('many configurations that somebody could write are refused, and many are not', () => {
  const samples = fc.sample(accepted, { numRuns: 150, seed: 1 })
  const count = samples.filter(({ loaded }) => loaded !== undefined).length
  expect(count).toBeGreaterThan(30)
  expect(count).toBeLessThan(120)
})

test('mallory becomes neither john nor an administrator in any configuration that is accepted', () => {
  const property = fc.property(accepted, fc.infiniteStream(fc.nat()), ({ loaded }, seeds) => {
    if (!loaded) return
    const victim = loaded.userOf(john)
    const warned = loaded.remarks.map(({ id }) => id)
    const wanted = victim ? [victim.username, victim.username.replace(/^[^:]*:/, '')] : []
    const [seed = 0] = seeds
    for (const claims of fc.sample(malloryClaims(wanted), { numRuns: 20, seed })) {
      const user = loaded.userOf(claims)
      if (!user) continue
      const decision = decisionFor(loaded, user)
      if (decision.kind !== 'forward') continue
      expect(decision.user.username).not.toBe(victim?.username)
      expect(decision.user.username).not.toMatch(/^system:/)
      // The documentation warns of groups that the operator lets a provider give.
      const allowed = warned.includes('reserved-groups') ? ['system:nodes'] : []
      const reserved = decision.user.groups.filter(isReserved)
      expect(reserved.filter((group) => !allowed.includes(group))).toEqual([])
    }
  })
  fc.assert(property, { numRuns: 400 })
})

test('mallory acts as john only where the cluster itself says that she may', () => {
  const lines: HeaderLine[] = [['Impersonate-User', 'john']]
  const property = fc.property(accepted, malloryClaims(['john']), ({ loaded }, claims) => {
    const user = loaded?.userOf(claims)
    if (!loaded || !user) return
    const decision = decisionFor(loaded, user, lines)
    if (decision.kind === 'refused') return
    expect(loaded.gateway.impersonation.nested).toBe('review')
    expect(decision).toMatchObject({
      kind: 'forward-if-allowed',
      questions: [{ user: { username: user.username }, verb: 'impersonate', name: 'john' }],
    })
  })
  fc.assert(property, { numRuns: 200 })
})

test('whoever can also rename her account is warned of', () => {
  const property = fc.property(accepted, ({ loaded }) => {
    const victim = loaded?.userOf(john)
    if (!victim) return
    for (const name of ['preferred_username', 'upn']) {
      const claims = { ...john, sub: 'm-1', oid: 'o-mallory', email: 'm@evil.example' }
      const other = name === 'upn' ? { preferred_username: 'mallory' } : { upn: 'mallory' }
      if (loaded?.userOf({ ...claims, ...other })?.username !== victim.username) continue
      expect(loaded?.remarks.map(({ id }) => id)).toContain('renamable-username')
    }
  })
  fc.assert(property, { numRuns: 200 })
})
