import { join } from 'node:path'
import { OidcLoginError } from '../errors.ts'
import { printable } from '../printable.ts'
import { inSeconds } from '../seconds.ts'
import type { System } from '../system/index.ts'
import type { SessionKey } from './key.ts'

/** Where the failed sign-ins of one session are remembered: a file beside it. */
export interface CoolDown {
  /** Remembers a sign-in that was refused or timed out. `message` is what the user was told. */
  remember(message: string, attempt: Pick<SignInAttempt, 'callerPid'>): void
  /** Forgets all failures, after a sign-in that succeeded. */
  forget(): void
  /**
   * Refuses an attempt that would only repeat a failure.
   *
   * @throws OidcLoginError `cooling_down`
   */
  check(attempt: SignInAttempt): void
}

/** Who wants to sign in now. */
export interface SignInAttempt {
  /** When this process was started, in milliseconds since the epoch. */
  readonly startedAt: number
  /** Whether a person at a terminal waits for it. */
  readonly isInteractive: boolean
  /** The process that called the plugin for a credential; undefined when a person did by hand. */
  readonly callerPid?: number | undefined
  /** How long the first failure keeps programs from trying again; 0 switches the check off. */
  readonly coolDownMs: number
}

const longestCoolDownMs = 60 * 60_000

/**
 * Makes the cool-down of one session. It stops whoever waited for the failed attempt (forty parallel
 * kubectl must not open forty tabs), the same caller (one kubectl asks up to six times), and programs
 * that poll, for a time that doubles with each failure. A person who runs a command again is not held
 * up: that is another caller.
 */
export function coolDown(
  system: Pick<System, 'files' | 'clock'>,
  folder: string,
  key: SessionKey,
): CoolDown {
  const path = join(folder, `${key.name}.failed`)
  return {
    remember(message, { callerPid }) {
      const failures = (readFailures(system, path)?.failures ?? 0) + 1
      const failedAt = system.clock.now()
      const record: Failures = { version: 1, failures, failedAt, message, callerPid }
      system.files.writeAtomic(path, `${JSON.stringify(record)}\n`)
    },
    forget() {
      system.files.remove(path)
    },
    check(attempt) {
      const last = readFailures(system, path)
      if (last === undefined || attempt.coolDownMs === 0) return
      const ageMs = system.clock.now() - last.failedAt
      const pauseMs = Math.min(longestCoolDownMs, attempt.coolDownMs * 2 ** (last.failures - 1))
      if (ageMs < 0 || ageMs >= pauseMs || isFreeToTry(attempt, last)) return
      throw stillCoolingDown(last, ageMs, pauseMs)
    },
  }
}

interface Failures {
  readonly version: 1
  readonly failures: number
  readonly failedAt: number
  readonly message: string
  readonly callerPid?: number | undefined
}

function isFreeToTry(attempt: SignInAttempt, last: Failures): boolean {
  const wasWaiting = attempt.startedAt <= last.failedAt
  const isSameCaller = attempt.callerPid !== undefined && attempt.callerPid === last.callerPid
  return attempt.isInteractive && !wasWaiting && !isSameCaller
}

function stillCoolingDown(last: Failures, ageMs: number, pauseMs: number): OidcLoginError {
  return new OidcLoginError(
    'cooling_down',
    `No new sign-in is started: the last one failed ${inSeconds(ageMs)} ago. ${printable(last.message, 600)}`,
    {
      hint: `Wait ${inSeconds(Math.ceil((pauseMs - ageMs) / 1000) * 1000)}, or run "kubectl oidc-login login" with the same options to sign in now.`,
    },
  )
}

function readFailures(system: Pick<System, 'files'>, path: string): Failures | undefined {
  try {
    const contents = system.files.read(path)
    const value: unknown = contents && JSON.parse(contents.text)
    return isFailures(value) ? value : undefined
  } catch {
    // A note that is damaged, or cannot be read, is no note: it only ever saves an attempt.
    return undefined
  }
}

function isFailures(value: unknown): value is Failures {
  if (typeof value !== 'object' || value === null) return false
  if (!('version' in value && 'failures' in value && 'failedAt' in value && 'message' in value)) {
    return false
  }
  const { version, failures, failedAt, message } = value
  return (
    version === 1 &&
    typeof failures === 'number' &&
    typeof failedAt === 'number' &&
    typeof message === 'string'
  )
}
