import { expect, test } from 'vitest'
import { attemptLock, giveBackLock } from './attempt.ts'
import type { LockFiles, LockSurroundings } from './file.ts'
import { formatLockRecord, type LockRecord } from './record.ts'

/**
 * Runs the real protocol on files in memory, in random interleavings of several processes, of which
 * some die between any two operations and some give up. A process is advanced by one operation by
 * running it anew from its beginning with the recorded results of all earlier operations.
 */
const schedules = 3_000
const processes = 4
const steps = 260
const lockPath = '/sessions/one.lock'

test('no interleaving of processes, deaths and failures lets two processes hold one lock', () => {
  const takeovers = Array.from({ length: schedules }, (_, seed) => runSchedule(seed))
  expect(sum(takeovers)).toBeGreaterThan(schedules)
}, 120_000)

/** Runs one interleaving. @returns how many locks of dead owners were taken over */
function runSchedule(seed: number): number {
  const random = pseudoRandom(seed)
  const world = newWorld()
  world.contents.set(lockPath, formatLockRecord(newcomer(world).record))
  world.dead.add(1)
  const slots = Array.from({ length: processes }, () => newcomer(world))
  let current = 0
  for (let step = 0; step < steps; step += 1) {
    if (random() < 0.4) current = Math.floor(random() * processes)
    const actor = slots[current]
    if (actor === undefined) throw new Error('no such process')
    if (random() < 0.03) actor.phase = 'ended'
    else advance(world, actor, random)
    if (actor.phase === 'ended') {
      world.dead.add(actor.record.pid)
      slots[current] = newcomer(world)
    }
    const holders = slots.filter(({ phase }) => phase === 'holding' || phase === 'giving back')
    if (holders.length > 1) throw new Error(`schedule ${seed}: two holders at step ${step}`)
  }
  return world.takeovers
}

interface World {
  readonly contents: Map<string, string>
  /** Process ids that have ended. */
  readonly dead: Set<number>
  started: number
  takeovers: number
}

interface Actor {
  readonly record: LockRecord
  phase: 'wanting' | 'holding' | 'giving back' | 'ended'
  /** Results of the operations since the phase began. */
  results: Result[]
}

type Result = { readonly value: unknown } | { readonly error: Error }

function newWorld(): World {
  return { contents: new Map(), dead: new Set(), started: 0, takeovers: 0 }
}

function newcomer(world: World): Actor {
  world.started += 1
  const record = {
    token: world.started.toString(16).padStart(32, '0'),
    pid: world.started,
    machine: { hostname: 'here' },
    since: 0,
    until: 0,
    purpose: 'testing',
  }
  return { record, phase: 'wanting', results: [] }
}

/** Lets a process do its next operation, if it does not hold the lock just now. */
function advance(world: World, actor: Actor, random: () => number): void {
  if (actor.phase === 'holding') {
    if (random() < 0.2) actor.phase = 'giving back'
    return
  }
  const surroundings = steppingSurroundings(world, actor, random)
  try {
    if (actor.phase === 'giving back') {
      giveBackLock(surroundings.files, lockPath, actor.record.token)
      actor.phase = 'ended'
    } else {
      const outcome = attemptLock(surroundings, lockPath, actor.record)
      if (outcome.kind === 'acquired') {
        actor.phase = 'holding'
        world.takeovers += outcome.isTakeover ? 1 : 0
      } else if (random() < 0.2) actor.phase = 'ended'
    }
    actor.results = []
  } catch (error) {
    if (error instanceof Paused) return
    actor.phase = 'ended'
  }
}

/** Thrown in the place of the operation after the next. */
class Paused extends Error {}

function steppingSurroundings(
  world: World,
  actor: Actor,
  random: () => number,
): LockSurroundings & { readonly files: LockFiles } {
  let done = 0
  let isNewDone = false
  const operation = <T>(run: () => T, parse: (value: unknown) => T): T => {
    let result = actor.results[done]
    if (result === undefined) {
      if (isNewDone) throw new Paused()
      isNewDone = true
      result = resultOf(run)
      actor.results.push(result)
    }
    done += 1
    if ('error' in result) throw result.error
    return parse(result.value)
  }
  const { contents } = world
  return {
    now: () => 0,
    isOwnerDead: (record) => operation(() => world.dead.has(record.pid), Boolean),
    files: {
      read: (path) => {
        const text = operation(() => contents.get(path) ?? '', String)
        return text === '' ? undefined : { text, ownerUid: 0 }
      },
      createExclusive: (path, text) =>
        operation(() => {
          if (contents.has(path)) return false
          contents.set(path, text)
          return true
        }, Boolean),
      rename: (from, to) => {
        operation(() => {
          const text = contents.get(from)
          if (text === undefined) throw systemError('ENOENT')
          if (random() < 0.1) throw systemError('ENOSPC')
          contents.set(to, text)
          contents.delete(from)
          return true
        }, Boolean)
      },
      remove: (path) => operation(() => contents.delete(path), Boolean),
      modifiedAt: () => undefined,
    },
  }
}

function resultOf(run: () => unknown): Result {
  try {
    return { value: run() }
  } catch (error) {
    if (error instanceof Error) return { error }
    throw error
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** A linear congruential generator, so that a failure can be repeated by its seed. */
function pseudoRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
