import type { System } from '../../system/index.ts'
import { type GatewayConfiguration, renewalOf } from '../config/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import { keepRenewed, type RenewalObserver } from '../renewal/index.ts'
import type { UpstreamAccess, UpstreamCertificate } from '../upstream/index.ts'
import { isOlder } from './certificate-in-use.ts'
import { loadMaterial } from './material.ts'

/** What {@link renewForWorkers} needs. */
export interface WorkersRenewal {
  readonly system: Pick<System, 'files' | 'clock'>
  readonly log: GatewayLog
  /** The configuration at this moment. */
  readonly configuration: () => GatewayConfiguration
  readonly observer: RenewalObserver
  /** Takes a renewed certificate to the workers. */
  readonly hand: (certificate: UpstreamCertificate) => void
}

/**
 * Renews the client certificate in the process that has workers, for all of them. It carries no request
 * and holds nothing: files are read each time. Never rejects.
 */
export async function renewForWorkers(
  { system, log, configuration, observer, hand }: WorkersRenewal,
  signal: AbortSignal,
): Promise<void> {
  let renewed: UpstreamCertificate | undefined
  const access = (): UpstreamAccess => {
    const { access: read } = loadMaterial(system, configuration())
    const { credential } = read
    const areFilesBehind =
      renewed !== undefined &&
      credential.kind === 'certificate' &&
      isOlder(credential.certificate, renewed.certificate)
    return areFilesBehind && renewed ? { ...read, credential: renewed } : read
  }
  await keepRenewed(
    {
      clock: system.clock,
      log,
      settings: () => renewalOf(configuration()),
      access,
      adopt(certificate) {
        renewed = certificate
        hand(certificate)
      },
      observer,
      spread: Math.random(),
    },
    signal,
  )
}
