import type { Clock } from '../../system/index.ts'
import type { WantedKey } from './key-set.ts'

/** Names of keys that a provider does not have: it is not asked for them again at once (rule C22). */
export interface UnknownKeys {
  has(wanted: WantedKey): boolean
  add(wanted: WantedKey): void
}

/** So many names are remembered, for so long. */
const mostNames = 1000
const rememberMs = 60_000

/** Makes an empty memory. */
export function createUnknownKeys(clock: Clock): UnknownKeys {
  const until = new Map<string, number>()
  return {
    has: (wanted) => (until.get(nameOf(wanted)) ?? 0) > clock.elapsed(),
    add(wanted) {
      if (until.size >= mostNames) until.clear()
      until.set(nameOf(wanted), clock.elapsed() + rememberMs)
    },
  }
}

function nameOf({ algorithm, keyId }: WantedKey): string {
  return JSON.stringify([algorithm, keyId])
}
