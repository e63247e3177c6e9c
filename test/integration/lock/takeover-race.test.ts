import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { contenders } from './contenders.ts'
import { testimony, witnessIn } from './witness.ts'

const rounds = Array.from({ length: 40 }, (_, round) => `round-${round}`)
const racers = 6

test('of six processes that race for the lock of a killed one, never two have it', async () => {
  const folder = temporaryFolder()
  const start = await contenders(folder)
  const victim = start('hold', ...rounds.map((round) => join(folder, `${round}.lock`)))
  await victim.lines()
  victim.signal('SIGKILL')
  expect((await victim.ended).status).toBe('SIGKILL')

  const racing = Array.from({ length: racers }, (_, id) => start('race', folder, String(id)))
  await Promise.all(racing.map((racer) => racer.lines()))
  for (const round of rounds) {
    const witness = witnessIn(folder, round)
    writeFileSync(witness.logPath, '')
    for (const racer of racing) racer.tell(round)
    await Promise.all(racing.map((racer) => racer.lines()))
    expect(testimony(witness)).toMatchObject({ sections: racers, violations: [] })
  }
  for (const racer of racing) racer.endInput()
  const endings = await Promise.all(racing.map((racer) => racer.ended))
  expect(endings).toEqual(racing.map(() => ({ status: 0, stderr: '' })))
  expect(readdirSync(folder).filter((name) => name.includes('.lock'))).toEqual([])
}, 180_000)
