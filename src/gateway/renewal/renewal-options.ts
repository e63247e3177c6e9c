import type { Clock } from '../../system/index.ts'
import type { CertificateRenewal } from '../config/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import type { UpstreamAccess, UpstreamCertificate } from '../upstream/index.ts'

/** Told of what happens to the certificate, to be counted. */
export interface RenewalObserver {
  /** An attempt has ended. */
  ended(isGood: boolean): void
  awaitsApproval(isSo: boolean): void
}

/** What `keepRenewed` needs. */
export interface RenewalOptions {
  readonly clock: Clock
  readonly log: GatewayLog
  /** How the certificate is to be renewed at this moment; undefined for not at all. */
  readonly settings: () => CertificateRenewal | undefined
  /** How the API server is reached at this moment. May throw. */
  readonly access: () => UpstreamAccess
  /** Takes a certificate into use that has proved itself. */
  readonly adopt: (certificate: UpstreamCertificate) => void
  readonly observer: RenewalObserver
  /** From 0 to 1, another one for each replica. */
  readonly spread: number
}
