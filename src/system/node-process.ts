import type { ProcessInfo } from './process.ts'

/** What this process is. */
export function nodeProcess(): ProcessInfo {
  return {
    pid: process.pid,
    parentPid: process.ppid,
    uid: process.getuid?.(),
    platform: process.platform,
    get home() {
      return homeFolder()
    },
    startedAt: Date.now() - process.uptime() * 1000,
  }
}

function homeFolder(): string | undefined {
  const { HOME } = process.env
  // homedir() answers the same, but its module takes longer than all the rest of a cached get-token.
  if (HOME && process.platform !== 'win32') return HOME
  try {
    return process.getBuiltinModule('node:os').homedir()
  } catch {
    // An arbitrary user id in a container has no entry in the password database.
    return undefined
  }
}
