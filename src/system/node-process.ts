import { homedir } from 'node:os'
import type { ProcessInfo } from './process.ts'

/** What this process is. */
export function nodeProcess(): ProcessInfo {
  return {
    pid: process.pid,
    parentPid: process.ppid,
    uid: process.getuid?.(),
    platform: process.platform,
    home: homeFolder(),
    startedAt: Date.now() - process.uptime() * 1000,
  }
}

function homeFolder(): string | undefined {
  try {
    return homedir()
  } catch {
    // An arbitrary user id in a container has no entry in the password database.
    return undefined
  }
}
