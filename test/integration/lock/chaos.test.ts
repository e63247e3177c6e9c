import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { type Contender, contenders, type Ending } from './contenders.ts'
import { noteKill, testimony, type Witness, whoIsInside, witnessIn } from './witness.ts'

/** How long processes are killed; longer runs find rarer schedules. */
const chaosMs = Number(process.env.LOCK_CHAOS_MS ?? 20_000)
const population = 6

test(
  'a lock whose holders are killed at random moments never has two holders and stays in use',
  async () => {
    const folder = temporaryFolder()
    const witness = witnessIn(folder, 'chaos')
    writeFileSync(witness.logPath, '')
    const start = await contenders(folder)
    const crowd = newCrowd((id) => start('chaos', folder, id))
    const endsAt = Date.now() + chaosMs
    let halfway: number | undefined
    while (Date.now() < endsAt) {
      await delay(Math.random() * 80)
      if (halfway === undefined && Date.now() > endsAt - chaosMs / 2) {
        halfway = testimony(witness).sections
      }
      crowd.kill(witness)
    }
    const failures = await crowd.disperse()

    const found = testimony(witness)
    const { sections, kills, killedInside, killedInTakeover, violations } = found
    process.stdout.write(
      `lock chaos: ${sections} sections, ${kills} kills (${killedInside} inside, ${killedInTakeover} in a takeover), ${violations.length} violations\n`,
    )
    expect(violations).toEqual([])
    expect(failures).toEqual([])
    expect(kills).toBeGreaterThan(chaosMs / 1_000)
    expect(killedInside).toBeGreaterThan(0)
    expect(killedInTakeover).toBeGreaterThan(0)
    expect(sections).toBeGreaterThan(chaosMs / 200)
    expect(sections).toBeGreaterThan(halfway ?? Number.POSITIVE_INFINITY)

    const last = start('wait', join(folder, 'chaos.lock'), '10000')
    expect(await last.ended).toMatchObject({ status: 0 })
  },
  chaosMs + 120_000,
)

interface Crowd {
  /** Kills the process inside, or any, and now and then a second one that takes over just then. */
  kill(witness: Witness): void
  /** Lets everybody finish. @returns the endings that were neither regular nor a kill */
  disperse(): Promise<readonly Ending[]>
}

/** A population that is kept up: who is killed is replaced. */
function newCrowd(startContender: (id: string) => Contender): Crowd {
  const living = new Map<string, Contender>()
  const endings: Promise<void>[] = []
  const failures: Ending[] = []
  let isDispersing = false
  let born = 0
  const bear = (): void => {
    const id = `${born}`
    born += 1
    const contender = startContender(id)
    living.set(id, contender)
    endings.push(
      contender.ended.then((ending) => {
        living.delete(id)
        if (ending.status !== 'SIGKILL' && ending.status !== 0) failures.push(ending)
        if (!isDispersing) bear()
      }),
    )
  }
  for (let count = 0; count < population; count += 1) bear()
  return {
    kill(witness) {
      const anybody = [...living.keys()].at(Math.floor(Math.random() * living.size))
      const inside = whoIsInside(witness)
      const victims = Math.random() < 0.7 ? [inside] : [anybody]
      if (Math.random() < 0.3) victims.push(anybody)
      for (const id of new Set(victims)) {
        const victim = living.get(id ?? '')
        if (id === undefined || victim === undefined) continue
        noteKill(witness, id, 'anytime')
        victim.signal('SIGKILL')
      }
    },
    async disperse() {
      isDispersing = true
      for (const contender of living.values()) contender.endInput()
      await Promise.all(endings)
      return failures
    },
  }
}
