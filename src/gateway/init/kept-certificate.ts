import { certificateFacts, verifyIssued } from '../certificate/index.ts'

/** A certificate and its key, both PEM. */
export interface KeptCertificate {
  readonly certificate: string
  readonly key: string
}

/** How much of its life a certificate may have behind it to be kept. */
const share = 2 / 3

/**
 * Whether the certificate of an earlier run is still good: for the first two thirds of its life.
 *
 * @param now milliseconds since the epoch
 */
export function isStillGood(
  { certificate, key }: KeptCertificate,
  commonName: string,
  now: number,
): boolean {
  try {
    const { notBefore, notAfter } = certificateFacts(certificate)
    const validityMs = notAfter - notBefore
    const verdict = verifyIssued(certificate, { commonName, key, validityMs, now })
    return verdict.kind === 'good' && now < notBefore + validityMs * share
  } catch {
    // What cannot be read is replaced.
    return false
  }
}
