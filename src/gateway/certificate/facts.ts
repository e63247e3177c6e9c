import { X509Certificate } from 'node:crypto'
import { faultOfCommonName } from './common-name.ts'

/** What a client certificate says that matters for its renewal. Times in milliseconds since the epoch. */
export interface CertificateFacts {
  /** The name, when the subject is a plain name and nothing else; undefined otherwise. */
  readonly commonName: string | undefined
  readonly notBefore: number
  readonly notAfter: number
  /** Hexadecimal. */
  readonly serial: string
}

/**
 * Reads the first certificate of a PEM text.
 *
 * @throws Error when there is none
 */
export function certificateFacts(pem: string): CertificateFacts {
  return factsOf(new X509Certificate(pem))
}

/** The same for a parsed certificate. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    commonName: plainSubject(certificate.subject),
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    serial: certificate.serialNumber,
  }
}

/** OpenSSL prints one attribute a line, `CN=name`; a plain name needs no escaping there. */
function plainSubject(subject: string | undefined): string | undefined {
  const [, name] = /^CN=([^\n]*)$/.exec(subject ?? '') ?? []
  return name !== undefined && faultOfCommonName(name) === undefined ? name : undefined
}
