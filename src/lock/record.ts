import type { Machine } from '../system/index.ts'

/**
 * What a lock file, and a claim to take over a lock, says of its owner. Instants are milliseconds
 * since the Unix epoch, by the owner's clock.
 */
export interface LockRecord {
  /** 128 random bits in hexadecimal; new for each acquisition, so it never comes back. */
  readonly token: string
  /** Process id of the owner. */
  readonly pid: number
  /** When the owner's process started, in clock ticks since the boot, where the system tells. */
  readonly startTicks?: number
  /** Where {@link LockRecord.pid} means something. */
  readonly machine: Machine
  /** Since when the owner has it. */
  readonly since: number
  /** When the owner will be done at the latest. */
  readonly until: number
  /** What the owner does with it, for people: `signing in`. */
  readonly purpose: string
}

/** The contents of a lock file. */
export function formatLockRecord(record: LockRecord): string {
  return `${JSON.stringify({ version: 1, ...record })}\n`
}

/**
 * Reads the contents of a lock file. A later version may add fields but has to keep these, so that
 * old and new programs respect each other's locks.
 *
 * @returns undefined when the contents are not those of a lock file
 */
export function parseLockRecord(text: string): LockRecord | undefined {
  const value = parseJson(text)
  if (!isObject(value)) return undefined
  const { token, pid, startTicks, since, until, purpose } = value
  const machine = parseMachine(value.machine)
  if (!isToken(token) || !isPid(pid) || machine === undefined) return undefined
  if (!isInstant(since) || !isInstant(until) || !isPlainText(purpose)) return undefined
  const record = { token, pid, machine, since, until, purpose }
  return isInstant(startTicks) ? { ...record, startTicks } : record
}

function parseMachine(value: unknown): Machine | undefined {
  if (!isObject(value)) return undefined
  const { hostname, bootId, pidNamespace } = value
  if (!isPlainText(hostname)) return undefined
  return {
    hostname,
    ...(isPlainText(bootId) ? { bootId } : {}),
    ...(isPlainText(pidNamespace) ? { pidNamespace } : {}),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A token becomes part of a file name. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}

/** Zero and negative numbers are groups of processes to kill(2). */
function isPid(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** The text is shown on a terminal, which obeys control characters. */
function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 256 && !/\p{Cc}/u.test(value)
}
