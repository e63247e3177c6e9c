import { certificateFacts } from '../certificate/index.ts'
import { wordsOf } from './failure.ts'
import { nearEndTeller } from './near-end.ts'
import type { RenewalOptions } from './renewal-options.ts'
import { renewer } from './renewer.ts'
import { pauseAfter, renewalTimes } from './times.ts'

/** How often the certificate in use is looked at: clocks are set, and files change. */
const lookMs = 60_000
const leastMs = 1000

/**
 * Keeps the client certificate of the gateway good until it is stopped: renews it when that is asked for
 * and due, and says when it comes near its end. Whatever fails, the certificate in use stays in use. Never
 * rejects.
 */
export async function keepRenewed(options: RenewalOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, observer } = options
  const tellNearEnd = nearEndTeller(log)
  const renew = renewer(options)
  let failures = 0
  while (!signal.aborted) {
    let endsAt = clock.now()
    let pauseMs = lookMs
    try {
      const { credential } = options.access()
      if (credential.kind === 'certificate') {
        const facts = certificateFacts(credential.certificate)
        endsAt = facts.notAfter
        tellNearEnd(facts, clock.now())
        if (await renew(facts, signal)) {
          failures = 0
          observer.ended(true)
        }
        const { dueAt } = renewalTimes(facts, options.spread)
        pauseMs = Math.min(lookMs, Math.max(leastMs, dueAt - clock.now()))
      }
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      observer.ended(false)
      const { reason, remedy } = wordsOf(error)
      pauseMs = pauseAfter(failures, endsAt - clock.now())
      log.error('The renewal of the client certificate has failed; it is tried again.', {
        reason,
        remedy,
        until: new Date(endsAt).toISOString(),
        nextAttemptInSeconds: Math.round(pauseMs / 1000),
      })
    }
    await clock.sleep(pauseMs, signal).catch(() => undefined)
  }
}
