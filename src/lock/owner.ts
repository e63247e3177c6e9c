import { randomBytes } from 'node:crypto'
import { isSameMachine, type Machine, processLiveness, thisMachine } from '../system/index.ts'
import type { LockRecord } from './record.ts'

/** Who holds a lock, for people who wait for it. */
export interface LockHolder {
  /** Process id, on its own machine. */
  readonly pid: number
  /** Host name of its machine. */
  readonly machine: string
  /** Since when it holds the lock, in milliseconds since the epoch. */
  readonly since: number
  /** What it does meanwhile: `signing in`. */
  readonly purpose: string
  /** Whether the process can be seen, and ended, from here. */
  readonly isOnThisMachine: boolean
}

/** This process as an owner of locks: the part of a record that stays. */
export type LockOwner = Pick<LockRecord, 'token' | 'pid' | 'machine' | 'startTicks'>

/**
 * Describes this process for one acquisition, with a token of its own.
 *
 * @param pid id of this process
 */
export function newLockOwner(pid: number): LockOwner {
  const { startTicks } = processLiveness(pid)
  const owner = { token: randomBytes(16).toString('hex'), pid, machine: thisMachine() }
  return startTicks === undefined ? owner : { ...owner, startTicks }
}

/** How far the clocks of two machines may differ, and how late an owner may be. */
const graceMs = 60_000

/**
 * Whether the owner of a record will never come back. Where the operating system cannot answer, the
 * promise that stands in the record does: the process runs on another machine, or a process has its
 * id and nobody can tell whether it is the same.
 *
 * @param here the machine of this process
 * @param now milliseconds since the epoch
 */
export function isOwnerDead(record: LockRecord, here: Machine, now: number): boolean {
  const isOverdue = now > record.until + graceMs
  if (!isSameMachine(record.machine, here)) return isOverdue
  const { isAlive, startTicks } = processLiveness(record.pid)
  if (!isAlive) return true
  if (record.startTicks === undefined || startTicks === undefined) return isOverdue
  return record.startTicks !== startTicks
}

/**
 * What a record tells people.
 *
 * @param here the machine of this process
 */
export function holderOf(record: LockRecord, here: Machine): LockHolder {
  return {
    pid: record.pid,
    machine: record.machine.hostname,
    since: record.since,
    purpose: record.purpose,
    isOnThisMachine: isSameMachine(record.machine, here),
  }
}
