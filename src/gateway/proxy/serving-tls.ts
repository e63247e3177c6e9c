import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'

/** The certificate that clients see, as PEM. */
export interface ServingCertificate {
  readonly certificate: string
  readonly key: string
}

/**
 * TLS towards clients: only suites with forward secrecy that are not on the list of those to avoid (RFC
 * 9325 §4.2), the cheapest first. `SHA256` is computed by the processor itself where `SHA384` is not.
 */
const suites: readonly string[] = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]

/**
 * What a TLS server needs to know. Without tickets no session is resumed: each kubectl is a program of its
 * own that has none to show, and the key of tickets would open what was recorded before (RFC 8446 §8.1).
 */
export function servingTls({ certificate, key }: ServingCertificate): SecureContextOptions {
  return {
    cert: certificate,
    key,
    minVersion: 'TLSv1.2',
    ciphers: suites.join(':'),
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_TICKET,
  }
}
