import { appendFileSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { systemErrorCode } from '../../../src/errors.ts'

/**
 * A witness of critical sections that knows nothing of locks: a file that only one process at a time
 * can create, and a log of who entered and left in which order. Who is killed is logged before it is
 * killed; only such a process may be found inside by the next one.
 */
export interface Witness {
  /** The log; one line an event, appended in one write. */
  readonly logPath: string
  /** The file that exists while somebody is inside. */
  readonly insidePath: string
}

/** The witness of one lock, in a folder. */
export function witnessIn(folder: string, name: string): Witness {
  return { logPath: `${folder}/${name}.log`, insidePath: `${folder}/${name}.inside` }
}

/** Passes through a critical section of about `durationMs`. */
export async function passThrough(witness: Witness, id: string, durationMs: number): Promise<void> {
  enter(witness, id)
  if (durationMs > 0) await delay(durationMs)
  append(witness, `leave ${id}`)
  rmSync(witness.insidePath, { force: true })
}

function enter(witness: Witness, id: string): void {
  if (!create(witness, id)) {
    const other = whoIsInside(witness)
    const isKilled = eventsOf(witness).some((seen) => seen.event === 'kill' && seen.id === other)
    if (!isKilled) append(witness, `violation ${id} found ${other}`)
    rmSync(witness.insidePath, { force: true })
    if (!create(witness, id)) append(witness, `violation ${id} was overtaken`)
  }
  append(witness, `enter ${id}`)
}

/** Linked into place, so that it names its process even when that is killed in the next moment. */
function create({ insidePath }: Witness, id: string): boolean {
  const ownPath = `${insidePath}.${id}`
  writeFileSync(ownPath, id)
  try {
    linkSync(ownPath, insidePath)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(ownPath)
  }
}

/** Notes that a process is about to be killed, and whether that is during a takeover. */
export function noteKill(witness: Witness, id: string, when: 'anytime' | 'takeover'): void {
  append(witness, `kill ${id} ${when}`)
}

/** Who is inside just now. */
export function whoIsInside({ insidePath }: Witness): string | undefined {
  try {
    return readFileSync(insidePath, 'utf8')
  } catch {
    return undefined
  }
}

/** What a log says. */
export interface Testimony {
  /** How many critical sections were entered. */
  readonly sections: number
  /** How many processes were killed. */
  readonly kills: number
  /** How many of them were inside. */
  readonly killedInside: number
  /** How many of them died by their own hand in the middle of a takeover. */
  readonly killedInTakeover: number
  /** Whatever must not happen. */
  readonly violations: readonly string[]
}

/** Reads the log from its beginning. */
export function testimony(witness: Witness): Testimony {
  const events = eventsOf(witness)
  const killed = new Set<string>()
  const violations: string[] = []
  let killedInside = 0
  let inside: string | undefined
  for (const { event, id, line } of events) {
    if (event === 'kill') killed.add(id)
    else if (event === 'enter') {
      if (inside !== undefined) {
        killedInside += 1
        if (!killed.has(inside)) violations.push(`${id} entered while ${inside} was inside`)
      }
      inside = id
    } else if (event === 'leave') {
      if (inside !== id) violations.push(`${id} left while ${inside} was inside`)
      inside = undefined
    } else violations.push(line)
  }
  return {
    sections: events.filter(({ event }) => event === 'enter').length,
    kills: killed.size,
    killedInside,
    killedInTakeover: events.filter(({ line }) => line.endsWith(' takeover')).length,
    violations,
  }
}

interface Event {
  readonly event: string
  readonly id: string
  readonly line: string
}

function eventsOf({ logPath }: Witness): Event[] {
  const lines = readFileSync(logPath, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => {
    const [event = '', id = ''] = line.split(' ')
    return { event, id, line }
  })
}

function append({ logPath }: Witness, line: string): void {
  appendFileSync(logPath, `${line}\n`)
}
