import type { KeyLoadObserver } from '../authentication/index.ts'
import type { GatewayLog } from '../operations/index.ts'

/**
 * Logs when the keys of an issuer cannot be loaded any more, and when they can again; attempts in
 * between are only counted.
 */
export function keyObserver(
  log: GatewayLog,
  count: (issuer: string, isGood: boolean) => void,
): KeyLoadObserver {
  const failing = new Map<string, string>()
  return (issuer, failure) => {
    count(issuer, failure === undefined)
    if (failure === failing.get(issuer)) return
    if (failure === undefined) {
      failing.delete(issuer)
      log.info('The signing keys of an issuer can be loaded again.', { issuer })
    } else {
      failing.set(issuer, failure)
      log.error(
        'The signing keys of an issuer cannot be loaded; those that are known stay in use.',
        {
          issuer,
          reason: failure,
        },
      )
    }
  }
}
