import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type CertificateFacts, factsOf } from './facts.ts'

/** What was asked for. */
export interface ExpectedCertificate {
  readonly commonName: string
  /** PEM of the key that the request was made with. */
  readonly key: string
  /** How long it was to last, in milliseconds. */
  readonly validityMs: number
  /** Now, in milliseconds since the epoch. */
  readonly now: number
}

/** What a certificate that came back is worth. */
export type IssuedVerdict =
  | {
      readonly kind: 'good'
      /** PEM: the certificate and what followed it, without any other text. */
      readonly pem: string
      readonly facts: CertificateFacts
      /** The signer gave it more time than was asked for. Nobody can revoke it in that time. */
      readonly lastsLonger: boolean
    }
  /** `why` is a whole sentence that quotes nothing of the certificate. */
  | { readonly kind: 'refused'; readonly why: string }

/** With less time than this nobody could renew it in peace; the API grants no less than ten minutes. */
const leastMs = 5 * 60 * 1000

/** Signers let certificates begin a few minutes ago, because clocks differ. */
const toleranceMs = 10 * 60 * 1000

/** Extended key usage `clientAuth` (RFC 5280 §4.2.1.12). */
const clientAuth = '1.3.6.1.5.5.7.3.2'

/**
 * Looks whether a signer has issued what was asked for, and nothing else: the signer is not ours, and
 * whoever may write the status of a request may write anything into it.
 *
 * @param text `status.certificate`, decoded: PEM, perhaps with words around it (RFC 7468 §5.2)
 */
export function verifyIssued(text: string, expected: ExpectedCertificate): IssuedVerdict {
  const pem = certificatesIn(text)
  const certificate = parsed(pem)
  if (certificate === undefined) return refused('What came back is no PEM certificate.')
  const facts = factsOf(certificate)
  const fault = faultOf(certificate, facts, expected)
  if (fault !== undefined) return refused(fault)
  const { validityMs, now } = expected
  return { kind: 'good', pem, facts, lastsLonger: facts.notAfter - now > validityMs + toleranceMs }
}

function faultOf(
  certificate: X509Certificate,
  { commonName, notBefore, notAfter }: CertificateFacts,
  expected: ExpectedCertificate,
): string | undefined {
  if (!certificate.checkPrivateKey(createPrivateKey(expected.key))) {
    return 'The certificate is for another key.'
  }
  if (commonName !== expected.commonName) {
    return `The certificate names somebody else than CN=${expected.commonName}, or more: an organization would be a group.`
  }
  if (certificate.ca) return 'The certificate is one of an authority, which could issue others.'
  const usages: readonly string[] | undefined = certificate.keyUsage
  if (usages?.length !== 1 || usages[0] !== clientAuth) {
    return 'The certificate is not for client authentication alone.'
  }
  if (notBefore > expected.now) {
    return 'The certificate is not valid yet: the clocks of the signer and of this computer differ.'
  }
  if (notAfter <= expected.now) return 'The certificate has ended already.'
  if (notAfter - expected.now < leastMs) {
    return 'The certificate ends within five minutes, too soon to be renewed in time.'
  }
  return undefined
}

function certificatesIn(text: string): string {
  const blocks = text.match(
    /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g,
  )
  return (blocks ?? []).map((block) => `${block}\n`).join('')
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function refused(why: string): IssuedVerdict {
  return { kind: 'refused', why }
}
