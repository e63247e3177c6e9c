import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { processLiveness } from './process-liveness.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

test('this process is alive', () => {
  expect(processLiveness(process.pid).isAlive).toBe(true)
})

test('a process that has ended is not alive', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  expect(processLiveness(pid)).toEqual({ isAlive: false })
})

test('a process of another user, which may not be signalled, is alive', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
  })
  expect(processLiveness(pid)).toEqual({ isAlive: true })
})

test.runIf(process.platform === 'linux')(
  'the start of a process stays the same and differs from that of a later process',
  async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    const own = processLiveness(process.pid).startTicks
    const later = processLiveness(child.pid ?? 0).startTicks
    expect(own).toBe(processLiveness(process.pid).startTicks)
    expect(later).toBeGreaterThan(own ?? Number.POSITIVE_INFINITY)
  },
)

test.runIf(process.platform === 'linux')(
  'a process that has ended but was never waited for by its parent is not alive',
  async () => {
    // The parent becomes a program that does not know of its child.
    const script = 'sleep 60 & echo $!; exec "$0" -e "setInterval(console.log, 100)"'
    const parent = spawn('sh', ['-c', script, process.execPath])
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [line] = await once(parent.stdout, 'data')
    const pid = Number(String(line))
    await once(parent.stdout, 'data')
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => processLiveness(pid), { timeout: 10_000 }).toEqual({ isAlive: false })
    expect(process.kill(pid, 0)).toBe(true)
  },
)
