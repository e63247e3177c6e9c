import { OidcLoginError } from '../errors.ts'
import type { Peer } from './peer.ts'
import { connectionErrorCode, isTrustFailure, whyUnreachable } from './reasons.ts'

/** What an attempt to connect went by; the environment chooses the certificates of the system. */
export interface Attempt {
  readonly target: URL
  readonly peer: Peer
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Turns what Node says of a failed connection into what a person can act upon: `usage_invalid` for a header, else the
 * codes of the peer. What is explained already stays as it is.
 */
export function connectionFailure(error: unknown, { target, peer, env }: Attempt): OidcLoginError {
  if (error instanceof OidcLoginError) return error
  const code = connectionErrorCode(error)
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN') {
    return new OidcLoginError('usage_invalid', 'A header of --oidc-request-header is not valid.', {
      hint: 'Write it as name=value, with letters and dashes in the name and no line break in the value.',
    })
  }
  if (isTrustFailure(code)) {
    return new OidcLoginError(
      peer.codes.untrusted,
      `The certificate of ${target.origin} is not trusted (${code}).`,
      { hint: trustHint(code, peer, env), cause: error },
    )
  }
  return new OidcLoginError(
    peer.codes.unreachable,
    `${target.origin} cannot be reached (${whyUnreachable(code)}).`,
    { hint: connectionHint(code, peer), cause: error },
  )
}

function connectionHint(code: string, peer: Peer): string {
  const check = `Check ${peer.urlPlace}, the network, the VPN and the proxy.`
  const mayWantRenegotiation = code === 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'
  return mayWantRenegotiation && peer.renegotiationPlace !== undefined
    ? `A server that asks for a certificate late needs ${peer.renegotiationPlace}. ${check}`
    : check
}

function trustHint(code: string, peer: Peer, env: Attempt['env']): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const otherwise = peer.serverNamePlace ? `, or name that host with ${peer.serverNamePlace}` : ''
    return `The certificate was issued for another host name. Check ${peer.urlPlace}${otherwise}.`
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return `Check the clock of this computer, and ask the operator of ${peer.name} to renew it.`
  }
  const chosen = ['SSL_CERT_FILE', 'SSL_CERT_DIR'].filter((name) => env[name])
  const instead =
    chosen.length > 0
      ? `${chosen.join(' and ')} took the place of the certificates of the system. `
      : ''
  return `${instead}If ${peer.name} uses a private certificate authority, give its file with ${peer.authorityPlace}.`
}
