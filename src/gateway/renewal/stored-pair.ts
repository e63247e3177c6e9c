import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type CertificateFacts, certificateFacts } from '../certificate/index.ts'
import { fieldOf } from '../kubernetes/index.ts'
import type { UpstreamCertificate } from '../upstream/index.ts'

/**
 * The certificate of a Secret, when it is for the same name as the one in use and younger than it:
 * another replica has been faster.
 *
 * @param now in milliseconds since the epoch
 */
export function youngerIn(
  secret: unknown,
  inUse: CertificateFacts,
  now: number,
): UpstreamCertificate | undefined {
  const certificate = decoded(fieldOf(secret, 'data', 'tls.crt'))
  const key = decoded(fieldOf(secret, 'data', 'tls.key'))
  try {
    const { commonName, notBefore, notAfter } = certificateFacts(certificate)
    const isYounger = notBefore > inUse.notBefore && notBefore <= now && notAfter > now
    if (commonName !== inUse.commonName || !isYounger) return undefined
    const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
    return isPair ? { kind: 'certificate', certificate, key } : undefined
  } catch {
    return undefined
  }
}

function decoded(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : ''
}
