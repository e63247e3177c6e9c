import type { CertificateFacts } from '../certificate/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import { renewalTimes } from './times.ts'

const hourMs = 60 * 60 * 1000

/**
 * Says that a certificate is near its end or has ended, and again each hour, whoever is to renew it.
 *
 * @returns to be called now and then, with the certificate in use and the time
 */
export function nearEndTeller(
  log: GatewayLog,
): (certificate: CertificateFacts, now: number) => void {
  let told: Nearness = 'far'
  let againAt = 0
  return (certificate, now) => {
    const nearness = nearnessOf(certificate, now)
    if (nearness === told && now < againAt) return
    told = nearness
    againAt = now + hourMs
    const until = new Date(certificate.notAfter).toISOString()
    if (nearness === 'near') {
      log.warn(
        'The client certificate of the gateway ends soon: less than a tenth of its life is left. Nobody gets in when it has ended.',
        { until },
      )
    } else if (nearness === 'past') {
      log.error(
        'The client certificate of the gateway has ended: nobody gets in. Put another one into its files or their Secret.',
        { until },
      )
    }
  }
}

type Nearness = 'far' | 'near' | 'past'

function nearnessOf(certificate: CertificateFacts, now: number): Nearness {
  if (now >= certificate.notAfter) return 'past'
  return now >= renewalTimes(certificate).nearEndAt ? 'near' : 'far'
}
