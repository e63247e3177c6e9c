import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A kubectl, how it is told to speak, and what it then speaks where streams are. */
export interface KubectlCase {
  readonly version: string
  readonly protocol: 'SPDY' | 'WebSocket'
  /** Whether it knows `SelfSubjectReview` v1. */
  readonly knowsWhoami: boolean
  /** What a shell is to do before. */
  readonly prelude: string
}

/** `<folder>/<version>/kubectl`. */
const folder = process.env.KUBECTL_VERSIONS ?? ''

/** Each version as it comes, and the other protocol where it knows both. */
export function kubectlCases(): readonly KubectlCase[] {
  const versions = existsSync(folder) ? readdirSync(folder) : []
  return versions.flatMap((version): KubectlCase[] => {
    const minor = Number(version.split('.')[1])
    const prelude = `export PATH='${join(folder, version)}${delimiter}'"$PATH"\n`
    const [usual, other] = minor < 30 ? spdyFirst : webSocketFirst
    const asItComes = { version, protocol: usual, prelude, knowsWhoami: minor > 27 }
    if (minor < 29) return [asItComes]
    const switches = switched(usual === 'SPDY')
    return [asItComes, { ...asItComes, protocol: other, prelude: prelude + switches }]
  })
}

const spdyFirst = ['SPDY', 'WebSocket'] as const
const webSocketFirst = ['WebSocket', 'SPDY'] as const

/** WebSocket came in 1.29, and is what is tried first since 1.30; variables of the environment switch it (KEP-4006). */
function switched(isOn: boolean): string {
  return ['REMOTE_COMMAND', 'PORT_FORWARD']
    .map((what) => `export KUBECTL_${what}_WEBSOCKETS=${isOn}\n`)
    .join('')
}
