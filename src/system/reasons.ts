import { systemErrorCode } from '../errors.ts'

/**
 * The code of a failed connection. OpenSSL reports what goes wrong in a handshake sometimes by a code
 * of its own, and sometimes as `EPROTO` with a text; the text is never shown.
 */
export function connectionErrorCode(error: unknown): string {
  const code = systemErrorCode(error) ?? 'unknown error'
  if (code !== 'EPROTO' || !(error instanceof Error)) return code
  return handshakeTexts.find(([text]) => text.test(error.message))?.[1] ?? code
}

const handshakeTexts: readonly (readonly [RegExp, string])[] = [
  [/alert protocol version/, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
  [/unsupported protocol/, 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
  [/alert handshake failure/, 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
]

/** Why a connection failed, for people. */
export function whyUnreachable(code: string): string {
  return reasons[code] ?? code
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is unknown, ENOTFOUND',
  EAI_AGAIN: 'the name server did not answer, EAI_AGAIN',
  ECONNREFUSED: 'nothing listens there, ECONNREFUSED',
  ECONNRESET: 'the connection was cut, ECONNRESET',
  EPROTO: 'it does not speak TLS, EPROTO',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS, ERR_SSL_WRONG_VERSION_NUMBER',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION:
    'it speaks no version of TLS that is allowed here, ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  ERR_SSL_UNSUPPORTED_PROTOCOL:
    'it speaks no version of TLS that is allowed here, ERR_SSL_UNSUPPORTED_PROTOCOL',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'it broke off the TLS handshake, ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
}

/** Whether an error code of Node says that a certificate is not believed. */
export function isTrustFailure(code: string): boolean {
  return /CERT|SIGNED|ALTNAME|UNABLE_TO|CRL|ERR_TLS_/.test(code)
}
