import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os'

/** Where a run took place, as pairs of a name and a value. */
export function describeMachine(): readonly (readonly [name: string, value: string])[] {
  return [
    ['processor', `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`],
    ['memory', `${(totalmem() / 2 ** 30).toFixed(1)} GB`],
    ['system', `${distribution() ?? platform()}, kernel ${release()}`],
    ['Node.js', process.version],
  ]
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
