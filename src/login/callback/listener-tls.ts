import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createServer } from 'node:https'
import { OidcLoginError, systemErrorCode } from '../../errors.ts'

/** Certificate and private key of the listener, in PEM. */
export interface ListenerTls {
  /** The certificate, and after it those of its issuers. */
  readonly certPem: string
  /** The private key, without a passphrase. */
  readonly keyPem: string
}

/**
 * Verifies that certificate and key can be used and belong together.
 *
 * @throws OidcLoginError `certificate_invalid`, with nothing of the key in it
 */
export function verifyListenerTls({ certPem, keyPem }: ListenerTls): void {
  const certificate = parseCertificate(certPem)
  if (!certificate.checkPrivateKey(parseKey(keyPem))) {
    throw invalid('certificate and private key do not belong together')
  }
  try {
    createServer({ cert: certPem, key: keyPem })
  } catch (error) {
    throw invalid(`OpenSSL does not take them (${systemErrorCode(error) ?? 'unknown error'})`)
  }
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw invalid('the certificate is not a PEM certificate')
  }
}

function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // OpenSSL has many codes for this; the PEM header of either format says it plainly.
    const isLocked = /\bENCRYPTED\b/.test(pem)
    throw invalid(
      isLocked ? 'the private key has a passphrase' : 'the private key is not a PEM private key',
    )
  }
}

function invalid(why: string): OidcLoginError {
  return new OidcLoginError(
    'certificate_invalid',
    `The local callback server cannot speak https: ${why}.`,
    { hint: 'Check --local-server-cert and --local-server-key.' },
  )
}
