import { isDeepStrictEqual } from 'node:util'
import type { GatewayConfiguration } from '../config/index.ts'

/** Fields that are read once, when the process starts. */
const fixed = ['limits', 'streams', 'audit', 'operations', 'workers'] as const

/** Which changed fields take effect only after a restart. */
export function restartNeeded(before: GatewayConfiguration, after: GatewayConfiguration): string[] {
  const changed = fixed.filter((field) => !isDeepStrictEqual(before[field], after[field]))
  const address = (['host', 'port', 'trustedProxies'] as const).filter(
    (field) => !isDeepStrictEqual(before.listen[field], after.listen[field]),
  )
  return [...changed, ...address.map((field) => `listen.${field}`)]
}
