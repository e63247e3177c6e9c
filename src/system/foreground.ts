import { readFileSync } from 'node:fs'

/**
 * Whether this process may read its terminal. A job in the background of a shell that reads it is
 * stopped (SIGTTIN), so a plugin that waits for a pasted URL would hang. Where nobody can tell, the
 * answer is no: the browser can still answer.
 */
export function isInForeground(): boolean {
  switch (process.platform) {
    case 'win32':
      return true
    case 'linux':
      return isForegroundStat(ownStat())
    default:
      return isForegroundStatus(ownStatus())
  }
}

/**
 * Reads `/proc/<pid>/stat`, see proc_pid_stat(5): the process group, the controlling terminal and its
 * foreground group. Without a controlling terminal nobody stops us.
 */
export function isForegroundStat(stat: string): boolean {
  // Field 2, the name of the program, is in parentheses and may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [, , group, , terminal, foregroundGroup] = fields
  if (group === undefined || foregroundGroup === undefined) return false
  return terminal === '0' || group === foregroundGroup
}

/** Reads the state that `ps -o stat=` prints: a `+` marks the foreground group of the terminal. */
export function isForegroundStatus(status: string): boolean {
  return status.includes('+')
}

function ownStat(): string {
  try {
    return readFileSync('/proc/self/stat', 'latin1')
  } catch {
    // No /proc, as in some sandboxes.
    return ''
  }
}

function ownStatus(): string {
  // Loaded only here: a cached get-token does not pay for it.
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const args = ['-o', 'stat=', '-p', String(process.pid)]
  return spawnSync('ps', args, { encoding: 'utf8', timeout: 1_000 }).stdout ?? ''
}
