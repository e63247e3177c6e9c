import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { type Files, nodeFiles } from '../system/index.ts'
import { attemptLock, giveBackLock, type LockAttempt } from './attempt.ts'
import { formatLockRecord, type LockRecord } from './record.ts'

const now = 1_767_225_600_000
const mine = recordOf('1')
const acquired = { kind: 'acquired', isTakeover: false }
const takenOver = { kind: 'acquired', isTakeover: true }
const changed = { kind: 'changed' }

test('a free lock is created and names its owner', () => {
  const place = newPlace()
  expect(place.attempt()).toEqual(acquired)
  expect(place.owner()).toBe(mine.token)
  expect(place.names()).toEqual(['one.lock'])
})

test('the lock of a living owner is left to it', () => {
  const place = newPlace({ lock: recordOf('a') })
  expect(place.attempt()).toEqual({ kind: 'held', holder: recordOf('a') })
  expect(place.owner()).toBe(recordOf('a').token)
})

test('the lock of a dead owner is taken over without a trace', () => {
  const place = newPlace({ lock: recordOf('d') })
  expect(place.attempt()).toEqual(takenOver)
  expect(place.owner()).toBe(mine.token)
  expect(place.names()).toEqual(['one.lock'])
})

test('a chain of owners that died during their takeovers is taken over without a trace', () => {
  const place = newPlace({ lock: recordOf('d') })
  place.put(claimOn('d'), recordOf('e'))
  place.put(claimOn('e'), recordOf('f'))
  expect(place.attempt()).toEqual(takenOver)
  expect(place.owner()).toBe(mine.token)
  expect(place.names()).toEqual(['one.lock'])
})

test('a takeover by a living process is left to it', () => {
  const place = newPlace({ lock: recordOf('d') })
  place.put(claimOn('d'), recordOf('e'))
  place.put(claimOn('e'), recordOf('a'))
  expect(place.attempt()).toEqual({ kind: 'held', holder: recordOf('a') })
  expect(place.owner()).toBe(recordOf('d').token)
})

test('a lock that changed before the claim is left, and so are the claims of others', () => {
  const place = newPlace({ lock: recordOf('d') })
  place.put(claimOn('d'), recordOf('e'))
  const atClaim = before('createExclusive', () => place.put('one.lock', recordOf('a')))
  expect(place.attempt(atClaim)).toEqual(changed)
  expect(place.owner()).toBe(recordOf('a').token)
  expect(place.names()).toEqual(['one.lock', claimOn('d')].sort())
})

test('a claim that changed after its owner had been judged ends the takeover', () => {
  const place = newPlace({ lock: recordOf('d') })
  place.put(claimOn('d'), recordOf('e'))
  const atClaim = before('createExclusive', () => place.put(claimOn('d'), recordOf('a')))
  expect(place.attempt(atClaim)).toEqual(changed)
  expect(place.owner()).toBe(recordOf('d').token)
  expect(place.names()).toEqual(['one.lock', claimOn('d')].sort())
})

test('a claim that another process made first is left to it', () => {
  const place = newPlace({ lock: recordOf('d') })
  const atClaim = before('createExclusive', () => place.put(claimOn('d'), recordOf('a')))
  expect(place.attempt(atClaim)).toEqual(changed)
  expect(place.owner()).toBe(recordOf('d').token)
})

test('a lock that another process made first is left to it', () => {
  const place = newPlace()
  const atCreation = before('createExclusive', () => place.put('one.lock', recordOf('a')))
  expect(place.attempt(atCreation)).toEqual(changed)
  expect(place.owner()).toBe(recordOf('a').token)
})

test('a claim that was taken away by another machine is not carried out', () => {
  const place = newPlace({ lock: recordOf('d') })
  const atRename = before('rename', () => {
    nodeFiles.remove(place.path(claimOn('d')))
    place.put('one.lock', recordOf('a'))
  })
  expect(place.attempt(atRename)).toEqual(changed)
  expect(place.owner()).toBe(recordOf('a').token)
})

test('a takeover that the system refuses leaves no claim', () => {
  const place = newPlace({ lock: recordOf('d') })
  const refused = before('rename', () => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
  })
  expect(() => place.attempt(refused)).toThrow('ENOSPC')
  expect(place.names()).toEqual(['one.lock'])
})

test('a lock or claim of this process that the system called a failure is found again', () => {
  const lying: Files = {
    ...nodeFiles,
    createExclusive: (path, text) => nodeFiles.createExclusive(path, text) && false,
  }
  const free = newPlace()
  expect(free.attempt(lying)).toEqual(changed)
  expect(free.attempt(lying)).toEqual(acquired)
  const dead = newPlace({ lock: recordOf('d') })
  expect(dead.attempt(lying)).toEqual(changed)
  expect(dead.attempt(lying)).toEqual(takenOver)
})

test.each(['', '{"version":1,"tok'])('a damaged lock %j is held for ten seconds', (text) => {
  const place = newPlace()
  place.write('one.lock', text, 9_000)
  expect(place.attempt()).toEqual({ kind: 'held', holder: undefined })
  place.write('one.lock', text, 11_000)
  expect(place.attempt()).toEqual(takenOver)
  expect(place.owner()).toBe(mine.token)
})

test('a damaged claim is held for ten seconds', () => {
  const place = newPlace({ lock: recordOf('d') })
  place.write(claimOn('d'), '', 9_000)
  expect(place.attempt()).toEqual({ kind: 'held', holder: undefined })
  place.write(claimOn('d'), '', 11_000)
  expect(place.attempt()).toEqual(takenOver)
  expect(place.names()).toEqual(['one.lock'])
})

test('a damaged lock from the future does not last', () => {
  const place = newPlace()
  place.write('one.lock', '', -3_600_000)
  expect(place.attempt()).toEqual(takenOver)
})

test('a damaged lock that was completed meanwhile is left to its owner', () => {
  const place = newPlace()
  place.write('one.lock', '', 11_000)
  const atClaim = before('createExclusive', () => place.put('one.lock', recordOf('a')))
  expect(place.attempt(atClaim)).toEqual(changed)
  expect(place.owner()).toBe(recordOf('a').token)
})

test('only the own lock is given back', () => {
  const place = newPlace({ lock: mine })
  giveBackLock(nodeFiles, place.path('one.lock'), mine.token)
  expect(place.names()).toEqual([])
  giveBackLock(nodeFiles, place.path('one.lock'), mine.token)
  place.put('one.lock', recordOf('a'))
  giveBackLock(nodeFiles, place.path('one.lock'), mine.token)
  expect(place.names()).toEqual(['one.lock'])
})

/** A record whose token is made of one hexadecimal digit; `d`, `e` and `f` are dead. */
function recordOf(digit: string): LockRecord {
  return {
    token: digit.repeat(32),
    pid: Number.parseInt(digit, 16),
    machine: { hostname: 'here' },
    since: now,
    until: now + 1_000,
    purpose: 'testing',
  }
}

function claimOn(digit: string): string {
  return `one.lock.${recordOf(digit).token}.takeover`
}

interface Place {
  attempt(files?: Files): LockAttempt
  owner(): string | undefined
  names(): string[]
  path(name: string): string
  put(name: string, record: LockRecord): void
  /** Writes a file whose age is `ageMs`. */
  write(name: string, text: string, ageMs: number): void
}

function newPlace({ lock }: { readonly lock?: LockRecord } = {}): Place {
  const folder = temporaryFolder()
  const path = (name: string): string => join(folder, name)
  const put = (name: string, record: LockRecord): void =>
    writeFileSync(path(name), formatLockRecord(record))
  if (lock !== undefined) put('one.lock', lock)
  return {
    path,
    put,
    names: () => readdirSync(folder).sort(),
    owner: () => {
      if (!existsSync(path('one.lock'))) return undefined
      return JSON.parse(readFileSync(path('one.lock'), 'utf8')).token
    },
    write(name, text, ageMs) {
      writeFileSync(path(name), text)
      const modifiedAt = new Date(now - ageMs)
      utimesSync(path(name), modifiedAt, modifiedAt)
    },
    attempt: (files = nodeFiles) =>
      attemptLock(
        { files, now: () => now, isOwnerDead: (record) => record.pid >= 0xd },
        path('one.lock'),
        mine,
      ),
  }
}

/** Files on which something happens immediately before an operation. */
function before(operation: 'createExclusive' | 'rename', happen: () => void): Files {
  return {
    ...nodeFiles,
    createExclusive(path, text) {
      if (operation === 'createExclusive') happen()
      return nodeFiles.createExclusive(path, text)
    },
    rename(from, to) {
      if (operation === 'rename') happen()
      nodeFiles.rename(from, to)
    },
  }
}
