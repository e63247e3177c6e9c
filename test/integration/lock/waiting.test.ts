import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { type Contender, contenders } from './contenders.ts'

interface Situation {
  readonly path: string
  readonly holder: Contender
  start(...args: string[]): Contender
}

async function lockIsHeld(): Promise<Situation> {
  const folder = temporaryFolder()
  const path = join(folder, 'one.lock')
  const start = await contenders(folder)
  const holder = start('hold', path)
  await holder.lines()
  return { path, holder, start }
}

test('a waiter says for whom it waits and gives up at its deadline with exit code 6', async () => {
  const { path, holder, start } = await lockIsHeld()
  const { status, stderr } = await start('wait', path, '1500').ended
  expect(status).toBe(6)
  expect(stderr).toContain(`waiting for ${holder.pid} (signing in)\n`)
  expect(stderr).toContain(`Process ${holder.pid} has been signing in for `)
}, 60_000)

test('a waiter gets the lock when its holder is killed', async () => {
  const { path, holder, start } = await lockIsHeld()
  const waiter = start('wait', path, '600000')
  await waiter.errorText('waiting for')
  holder.signal('SIGKILL')
  expect((await waiter.ended).status).toBe(0)
}, 60_000)

// Windows has no SIGINT that one process could send to another.
test.skipIf(process.platform === 'win32')(
  'a waiter ends with 130 when it is interrupted, and leaves the lock',
  async () => {
    const { path, holder, start } = await lockIsHeld()
    const waiter = start('wait', path, '600000')
    await waiter.errorText('waiting for')
    waiter.signal('SIGINT')
    const { status, stderr } = await waiter.ended
    expect(status).toBe(130)
    expect(stderr).toContain(`Interrupted while waiting for process ${holder.pid}.`)
    expect((await start('wait', path, '0').ended).status).toBe(6)
  },
  60_000,
)
