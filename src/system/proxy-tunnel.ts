import type { IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { OidcLoginError } from '../errors.ts'
import { bareHost, portOf } from './no-proxy.ts'
import type { Peer } from './peer.ts'
import type { ProxyServer } from './proxy.ts'
import { connectionErrorCode, isTrustFailure, whyUnreachable } from './reasons.ts'
import type { TlsSecurity } from './tls-security.ts'

/**
 * IPv6 and IPv4 are both tried. An address that does not answer is given up for the next one after a
 * second: Node's own quarter of a second is too short for a slow line.
 */
export const bothFamilies = {
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 1_000,
} as const

/** How a proxy is connected to. */
export interface TunnelOptions {
  /** Whom to trust when the proxy itself speaks TLS. */
  readonly security: TlsSecurity
  /** Ends the attempt. */
  readonly signal: AbortSignal
  /** Who is at the other end. */
  readonly peer: Peer
}

/** The part of a request that leads to a proxy in the place of the target. */
export function toProxy(proxy: ProxyServer): RequestOptions & { readonly servername: string } {
  const { host, port, protocol } = proxy
  // Node would take the name from the header Host, which names the target. An address is none (RFC 6066 §3).
  return { host, port, protocol, servername: isIP(host) === 0 ? host : '' }
}

/** Headers that a proxy expects. */
export function proxyHeaders(proxy: ProxyServer): OutgoingHttpHeaders {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }
}

/**
 * Opens a tunnel through a proxy (CONNECT, RFC 9110 §9.3.6). Whatever a proxy answers is told apart
 * from what the server says.
 *
 * @returns a connection to the target, on which nothing has been said yet
 * @throws OidcLoginError `proxy_unreachable`, `proxy_refused`, and that of the peer when the proxy
 *   says that it cannot reach the target
 */
export async function openTunnel(
  proxy: ProxyServer,
  target: URL,
  { security, signal, peer }: TunnelOptions,
): Promise<Socket> {
  const isSecure = proxy.protocol === 'https:'
  const { request } = isSecure ? await import('node:https') : await import('node:http')
  const host = bareHost(target)
  const authority = `${host.includes(':') ? `[${host}]` : host}:${portOf(target)}`
  return await new Promise((resolve, reject) => {
    const outgoing = request({
      ...(isSecure ? security.toProxy() : {}),
      ...toProxy(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, 'user-agent': 'kubectl-oidc_login', ...proxyHeaders(proxy) },
      agent: false,
      ...bothFamilies,
      signal,
    })
    outgoing.on('connect', (answer: IncomingMessage, socket: Socket, head: Buffer) => {
      const status = answer.statusCode ?? 0
      // A server of TLS never speaks first, so such bytes are not the target's.
      if (status >= 200 && status < 300 && head.length === 0) return resolve(socket)
      socket.destroy()
      reject(refusal(proxy, target, { status, peer }))
    })
    outgoing.on('error', (error) => reject(unreachable(proxy, error, peer)))
    outgoing.end()
  })
}

/** The error for a proxy that answers a request itself. */
export function refusal(
  proxy: ProxyServer,
  target: URL,
  { status, peer }: { readonly status: number; readonly peer: Peer },
): OidcLoginError {
  if (status === 407) {
    const isGiven = proxy.authorization !== undefined
    return new OidcLoginError(
      'proxy_refused',
      isGiven
        ? `The proxy ${proxy.origin} does not accept the given user name and password (status 407).`
        : `The proxy ${proxy.origin} asks for a user name and password (status 407).`,
      {
        hint: 'Put them into the URL of the proxy, percent-encoded: http://user:password@host:port. Only the Basic scheme is supported.',
      },
    )
  }
  if (status === 502 || status === 503 || status === 504) {
    return new OidcLoginError(
      peer.codes.unreachable,
      `${target.origin} cannot be reached: the proxy ${proxy.origin} answers with status ${status}.`,
      { hint: `Check ${peer.urlPlace}, and whether the proxy may and can reach it.` },
    )
  }
  return new OidcLoginError(
    'proxy_refused',
    `The proxy ${proxy.origin} refuses a connection to ${target.origin} (status ${status}).`,
    {
      hint: `Ask its operator to allow it, or go around the proxy with ${peer.proxyBypass}.`,
    },
  )
}

/** The error for a proxy that cannot be talked to. */
export function unreachable(proxy: ProxyServer, error: unknown, peer: Peer): OidcLoginError {
  const code = connectionErrorCode(error)
  const why = isTrustFailure(code)
    ? `its certificate is not trusted, ${code}`
    : whyUnreachable(code)
  return new OidcLoginError(
    'proxy_unreachable',
    `The proxy ${proxy.origin} cannot be reached (${why}).`,
    {
      hint: isTrustFailure(code)
        ? `Give its certificate authority with ${peer.authorityPlace}.`
        : `Check HTTPS_PROXY, HTTP_PROXY and ${peer.proxyPlace}, or go around the proxy with ${peer.proxyBypass}.`,
      cause: error,
    },
  )
}
