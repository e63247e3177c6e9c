import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stricterThanKubeApiserver } from '../../../src/gateway/authentication/index.ts'
import { programs } from '../../cluster/index.ts'
import { gatewayPath } from '../../world/gateway/program.ts'
import { compareNested } from './compare-nested.ts'
import { compareRequestInfo } from './compare-request-info.ts'
import { compareTokens } from './compare-tokens.ts'
import { refusals, showings } from './credential-headers.ts'
import { inParallel } from './in-parallel.ts'
import { askWith, judgeAt } from './judges.ts'
import { malloryOnCluster } from './mallory-on-cluster.ts'
import { refusedVariants } from './variants.ts'
import { type OracleWorld, startOracleWorld } from './world.ts'

/** Of the tokens that are made up; another one makes others. */
const seed = Number(process.env.ORACLE_SEED ?? 20261126)

describe.skipIf(!programs)('kube-apiserver as the judge', () => {
  const ends: (() => void | Promise<void>)[] = []
  /** Rules of the table of differences that were seen. */
  const seen = new Set<string>()
  let world: OracleWorld

  beforeAll(async () => {
    world = await startOracleWorld((stop) => void ends.push(stop))
  })
  afterAll(async () => {
    for (const stop of ends.reverse()) await stop()
  })

  test(`a token makes the same user, but for the table of differences (ORACLE_SEED=${seed})`, async () => {
    const { differences, rules, count } = await compareTokens(world, seed)
    expect(differences).toEqual([])
    expect(count).toBeGreaterThan(2000)
    for (const rule of rules) seen.add(rule)
  })

  test('a token is found in the same headers', async () => {
    const { press, kube, gateway } = world
    const [john, jane] = ['john', 'jane'].map((sub) => press.sample('', 'plain', { sub }).token)
    const path = '/api/v1/namespaces/oracle/pods'
    const answers = await inParallel(showings(john ?? '', jane ?? ''), async ({ lines }) => ({
      theirs: await askWith(kube, path, lines),
      ours: await askWith(gateway, path, lines),
    }))
    for (const [{ name, differs }, { theirs, ours }] of answers) {
      if (differs === undefined) {
        expect([name, ours.status]).toEqual([name, theirs.status])
        // `User "john" cannot list …`, by both.
        if (theirs.status === 403) expect(ours.message).toBe(theirs.message)
      } else {
        expect([name, ours.status]).toEqual([name, refusals[differs]])
        if (theirs.status === 403) seen.add(differs)
      }
    }
  })

  test('what only kube-apiserver takes of a configuration, the gateway refuses at the start', async () => {
    const ask = judgeAt(world.kube)
    for (const { name } of refusedVariants) {
      expect((await ask(world.press.sample('', name).token)).kind).toBe('user')
    }
    const args = [gatewayPath, 'serve', `--config=${world.refusedConfig}`]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toContain(`refused for ${refusedVariants.length} reasons`)
    const first = world.issuers.jwt.length
    for (const [index, { rule }] of refusedVariants.entries()) {
      expect(stderr).toContain(`jwt[${first + index}].claimMappings`)
      seen.add(rule)
    }
  })

  test('at wrong signatures kube-apiserver asks for the keys each time, the gateway once', async () => {
    const { press, issuers, kube, gateway } = world
    const { requests } = issuers.server
    const asked = async (address: typeof kube): Promise<number> => {
      const ask = judgeAt(address)
      const before = requests.length
      for (const name of ['a', 'b', 'c', 'd']) {
        const claims = { sub: name }
        const header = { kid: 'es' }
        const { token } = press.sample('', 'url-claim', claims, {
          key: issuers.keys.unpublished,
          header,
        })
        expect(await ask(token)).toMatchObject({ kind: 'refused', status: 401 })
      }
      return requests.slice(before).filter((path) => path === '/keys').length
    }
    expect(await asked(kube)).toBe(4)
    expect(await asked(gateway)).toBeLessThan(2)
    seen.add('C22')
  })

  test('people may act as whom kube-apiserver lets them act as, and are that user', async () => {
    const { differences, rules, count } = await compareNested(world)
    expect(differences).toEqual([])
    expect(count).toBeGreaterThan(100)
    for (const rule of rules) seen.add(rule)
  })

  test('every row of the table of differences was seen', () => {
    expect([...seen].sort()).toEqual(stricterThanKubeApiserver.map(({ rule }) => rule).sort())
  })

  test('the audit log reads a request as kube-apiserver does', async () => {
    const { differences, count } = await compareRequestInfo(world)
    expect(differences).toEqual([])
    expect(count).toBeGreaterThan(500)
  })

  test('mallory becomes neither john nor an administrator of a cluster that trusts the gateway', async () => {
    const { faults, admitted } = await malloryOnCluster(world, seed)
    expect(faults).toEqual([])
    expect(admitted).toBeGreaterThan(50)
  })
})
