import { readFileSync, readlinkSync } from 'node:fs'
import { systemErrorCode } from '../errors.ts'

/** What the operating system says of a process id. */
export interface ProcessLiveness {
  /** Whether a process with this id runs. A process that cannot be judged counts as alive. */
  readonly isAlive: boolean
  /**
   * When it started, in the kernel's clock ticks since the boot; only Linux tells. Two processes that
   * bear the same id one after the other differ in it.
   */
  readonly startTicks?: number
}

/**
 * Asks the operating system whether a process runs on this machine, in this pid namespace.
 *
 * @param pid process id, 1 or more
 */
export function processLiveness(pid: number): ProcessLiveness {
  if (!existsAccordingToKill(pid)) return { isAlive: false }
  const status = procStatus(pid)
  if (status === undefined) return { isAlive: true }
  return status.isDefunct ? { isAlive: false } : { isAlive: true, startTicks: status.startTicks }
}

function existsAccordingToKill(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return systemErrorCode(error) !== 'ESRCH'
  }
}

interface ProcStatus {
  /** Killed, but not yet waited for by its parent: in a container without an init this lasts. */
  readonly isDefunct: boolean
  readonly startTicks: number
}

/** Reads fields 3 (state) and 22 (start) of `/proc/<pid>/stat`, see proc_pid_stat(5). */
function procStatus(pid: number): ProcStatus | undefined {
  if (process.platform !== 'linux' || !isProcOfThisNamespace()) return undefined
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Field 2, the name of the program, is in parentheses and may hold spaces and parentheses.
    const [state = '', ...others] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const startTicks = Number(others[18])
    if (!Number.isSafeInteger(startTicks)) return undefined
    return { isDefunct: /^[ZXx]/.test(state), startTicks }
  } catch {
    // Ended meanwhile, or hidden by the mount option hidepid: kill(2) has the last word.
    return undefined
  }
}

/** A new pid namespace can see the `/proc` of its parent, where the same id is another process. */
function isProcOfThisNamespace(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid)
  } catch {
    return false
  }
}
