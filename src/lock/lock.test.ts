import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { type TestSystem, testSystem } from '../../test/world/system.ts'
import { OidcLoginError } from '../errors.ts'
import { type Files, nodeFiles } from '../system/index.ts'
import { acquireLock, type Lock, type LockHolder } from './lock.ts'
import { newLockOwner } from './owner.ts'
import { formatLockRecord, type LockRecord, parseLockRecord } from './record.ts'

test('a lock says who holds it, since when, until when and what for', async () => {
  const world = testSystem()
  const path = lockPath()
  await acquireLock(world.system, { ...request, path })
  const now = world.system.clock.now()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    version: 1,
    pid: process.pid,
    since: now,
    until: now + request.holdAtMostMs,
    purpose: 'signing in',
  })
})

test('a waiter gets the lock when its holder gives it back', async () => {
  const world = testSystem()
  const path = lockPath()
  const first = await acquireLock(world.system, { ...request, path })
  const second = settle(acquireLock(world.system, { ...request, path }))
  expect(await pass(world, second, 500)).toBe('waiting')
  first.release()
  expect(await pass(world, second, 500)).toBe('resolved')
  expect(readdirSync(join(path, '..'))).toEqual(['one.lock'])
})

test('a waiter is told once, after a second, for whom it waits', async () => {
  const world = testSystem()
  const path = lockPath()
  const told: LockHolder[] = []
  await acquireLock(world.system, { ...request, path, purpose: 'refreshing' })
  const since = world.system.clock.now()
  const onWait = (holder: LockHolder): void => void told.push(holder)
  const waiter = settle(acquireLock(world.system, { ...request, path, onWait }))
  await pass(world, waiter, 900)
  expect(told).toEqual([])
  await pass(world, waiter, 5_000)
  expect(told).toMatchObject([
    { pid: process.pid, since, purpose: 'refreshing', isOnThisMachine: true },
  ])
})

test('a waiter gives up at its deadline and names the holder', async () => {
  const world = testSystem()
  const path = lockPath()
  await acquireLock(world.system, { ...request, path })
  const beganAt = world.system.clock.now()
  const waiter = settle(acquireLock(world.system, { ...request, path, timeoutMs: 3_000 }))
  expect(await pass(world, waiter, 10_000)).toBe('rejected')
  expect(world.system.clock.now() - beganAt).toBeGreaterThanOrEqual(3_000)
  const error = waiter.error()
  expect(error).toMatchObject({ code: 'lock_timed_out', exitCode: 6 })
  expect(error?.message).toContain(`Process ${process.pid} has been signing in for 3 seconds`)
  expect(error?.hint).toContain(path)
})

test('a clock that is set meanwhile makes nobody give up earlier or later', async () => {
  const world = testSystem()
  const path = lockPath()
  await acquireLock(world.system, { ...request, path })
  const waiter = settle(acquireLock(world.system, { ...request, path, timeoutMs: 30_000 }))
  world.setClock(3_600_000)
  expect(await pass(world, waiter, 29_000)).toBe('waiting')
  world.setClock(-7_200_000)
  expect(await pass(world, waiter, 2_000)).toBe('rejected')
  expect(waiter.error()?.message).toContain('Waiting for it ended after 30 seconds.')
})

test('a waiter without patience tries once', async () => {
  const world = testSystem()
  const path = lockPath()
  const lock = await acquireLock(world.system, { ...request, path, timeoutMs: 0 })
  await expect(acquireLock(world.system, { ...request, path, timeoutMs: 0 })).rejects.toMatchObject(
    { code: 'lock_timed_out' },
  )
  lock.release()
  await acquireLock(world.system, { ...request, path, timeoutMs: 0 })
})

test('an interrupted waiter ends at once', async () => {
  const world = testSystem()
  const path = lockPath()
  await acquireLock(world.system, { ...request, path })
  const waiter = settle(acquireLock(world.system, { ...request, path }))
  await pass(world, waiter, 2_000)
  world.interrupt(new Error('SIGINT'))
  expect(await pass(world, waiter, 0)).toBe('rejected')
  expect(waiter.error()).toMatchObject({ code: 'interrupted', exitCode: 130 })
})

test('an interrupted program takes no lock', async () => {
  const world = testSystem()
  const path = lockPath()
  world.interrupt(new Error('SIGINT'))
  await expect(acquireLock(world.system, { ...request, path })).rejects.toMatchObject({
    code: 'interrupted',
  })
  expect(readdirSync(join(path, '..'))).toEqual([])
})

test('the lock of a process that has ended is taken over at once', async () => {
  const world = testSystem()
  const path = lockPath()
  writeFileSync(path, formatLockRecord(endedOwner(world)))
  await acquireLock(world.system, { ...request, path, timeoutMs: 0 })
  expect(ownerOf(path)?.pid).toBe(process.pid)
})

test('the lock of another machine is taken over one minute after the promised end', async () => {
  const world = testSystem()
  const path = lockPath()
  const now = world.system.clock.now()
  const machine = { hostname: 'build-7' }
  const foreign = { ...endedOwner(world), machine, until: now + 30_000 }
  writeFileSync(path, formatLockRecord(foreign))
  const impatient = acquireLock(world.system, { ...request, path, timeoutMs: 0 })
  await expect(impatient).rejects.toThrow(`Process ${foreign.pid} on machine build-7`)
  const patient = settle(acquireLock(world.system, { ...request, path }))
  expect(await pass(world, patient, 89_000)).toBe('waiting')
  expect(await pass(world, patient, 2_000)).toBe('resolved')
})

test('a lock that was lost to another process is not given back', async () => {
  const world = testSystem()
  const path = lockPath()
  const lock = await acquireLock(world.system, { ...request, path })
  const other = endedOwner(world)
  writeFileSync(path, formatLockRecord(other))
  lock.release()
  expect(ownerOf(path)?.token).toBe(other.token)
})

test('a second release does not touch the lock of the next holder', async () => {
  const world = testSystem()
  const path = lockPath()
  const lock = await acquireLock(world.system, { ...request, path })
  lock.release()
  await acquireLock(world.system, { ...request, path })
  lock.release()
  expect(ownerOf(path)?.pid).toBe(process.pid)
})

test('a lock that cannot be deleted does not make its release fail', async () => {
  const world = testSystem({ files: { ...nodeFiles, remove: refusing('EACCES') } })
  const lock = await acquireLock(world.system, { ...request, path: lockPath() })
  expect(() => lock.release()).not.toThrow()
})

test('litter older than an hour is swept after a takeover and not otherwise', async () => {
  const path = lockPath()
  const world = testSystem({ now: Date.now() })
  const litter = `${path}.${'0'.repeat(32)}.takeover`
  const old = new Date(Date.now() - 2 * 60 * 60 * 1000)
  writeFileSync(litter, '')
  utimesSync(litter, old, old)
  const lock = await acquireLock(world.system, { ...request, path })
  expect(readdirSync(join(path, '..')).length).toBe(2)
  lock.release()
  writeFileSync(path, formatLockRecord(endedOwner(world)))
  await acquireLock(world.system, { ...request, path })
  expect(readdirSync(join(path, '..'))).toEqual(['one.lock'])
})

test('a missing folder is a system error for the caller', async () => {
  const { system } = testSystem()
  const path = join(lockPath(), 'missing', 'one.lock')
  await expect(acquireLock(system, { ...request, path })).rejects.toMatchObject({ code: /^ENO/ })
})

test.each(['EACCES', 'EROFS', 'ENOSPC'])('%s reaches the caller as it is', async (code) => {
  const files = { ...nodeFiles, createExclusive: refusing(code) }
  const { system } = testSystem({ files })
  await expect(acquireLock(system, { ...request, path: lockPath() })).rejects.toMatchObject({
    code,
  })
})

test.each(['EPERM', 'EACCES', 'EBUSY'])(
  'on Windows %s of a file that another process is deleting passes',
  async (code) => {
    const world = windows({ read: passingRefusal(code) })
    const waiter = settle(acquireLock(world.system, { ...request, path: lockPath() }))
    expect(await pass(world, waiter, 1_500)).toBe('resolved')
  },
)

test('on Windows access that stays denied reaches the caller', async () => {
  const world = windows({ createExclusive: refusing('EACCES') })
  const waiter = settle(acquireLock(world.system, { ...request, path: lockPath() }))
  expect(await pass(world, waiter, 1_000)).toBe('waiting')
  expect(await pass(world, waiter, 5_000)).toBe('rejected')
  expect(waiter.failure()).toMatchObject({ code: 'EACCES' })
})

const request = { purpose: 'signing in', timeoutMs: 600_000, holdAtMostMs: 240_000 }

function lockPath(): string {
  return join(temporaryFolder(), 'one.lock')
}

function ownerOf(path: string): LockRecord | undefined {
  return parseLockRecord(readFileSync(path, 'utf8'))
}

/** The record of a process of this machine that has ended. */
function endedOwner({ system }: TestSystem): LockRecord {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const now = system.clock.now()
  return { ...newLockOwner(pid), since: now, until: now + 60_000, purpose: 'signing in' }
}

/** An operation that the operating system refuses. */
function refusing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code })
  }
}

/** Reading that is refused a few times. */
function passingRefusal(code: string): Files['read'] {
  const refuse = refusing(code)
  let left = 3
  return (path, maxBytes) => {
    left -= 1
    return left < 0 ? nodeFiles.read(path, maxBytes) : refuse()
  }
}

function windows(differences: Partial<Files>): TestSystem {
  const { process: real } = testSystem().system
  const files = { ...nodeFiles, ...differences }
  return testSystem({ files, process: { ...real, platform: 'win32' } })
}

type State = 'waiting' | 'resolved' | 'rejected'

interface Settled {
  state(): State
  /** Why it was rejected. */
  failure(): unknown
  error(): OidcLoginError | undefined
}

function settle(promise: Promise<Lock>): Settled {
  let state: State = 'waiting'
  let failure: unknown
  promise.then(
    () => {
      state = 'resolved'
    },
    (error: unknown) => {
      state = 'rejected'
      failure = error
    },
  )
  return {
    state: () => state,
    failure: () => failure,
    error: () => (failure instanceof OidcLoginError ? failure : undefined),
  }
}

/** Lets time pass in small steps until the waiter is done or `durationMs` are over. */
async function pass(world: TestSystem, waiter: Settled, durationMs: number): Promise<State> {
  await nextTurn()
  for (let passedMs = 0; passedMs < durationMs && waiter.state() === 'waiting'; passedMs += 50) {
    world.advance(50)
    await nextTurn()
  }
  return waiter.state()
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
