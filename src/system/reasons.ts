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
}

/** Whether an error code of Node says that a certificate is not believed. */
export function isTrustFailure(code: string): boolean {
  return /CERT|SIGNED|ALTNAME|UNABLE_TO|CRL|ERR_TLS_/.test(code)
}
