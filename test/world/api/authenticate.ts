import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { type OidcTrust, oidcAuthenticator } from './oidc.ts'
import { unauthorized } from './status.ts'
import { anonymousUser, authenticatedUser, type UserInfo } from './user.ts'

/** Who sent a request. */
export interface Caller {
  readonly user: UserInfo
  /** Whether they may act for others: only the gateway may. */
  readonly mayImpersonate: boolean
  /** Whether they have shown no credential at all. */
  readonly isAnonymous: boolean
}

/** The credential of the gateway; either of the two will do. */
export interface GatewayCredential {
  /** A bearer token. */
  readonly token?: string
  /** Common name of a client certificate of the API server's authority. */
  readonly clientCommonName?: string
}

/** What {@link createAuthenticator} needs. */
export interface AuthenticatorOptions {
  readonly oidc: OidcTrust | undefined
  readonly gateway: GatewayCredential | undefined
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Makes the check of credentials: a client certificate comes before a bearer token, as in
 * kube-apiserver.
 *
 * @returns rejects with a {@link StatusError} 401 when a credential is shown and not accepted
 */
export function createAuthenticator(
  options: AuthenticatorOptions,
): (request: IncomingMessage) => Promise<Caller> {
  const { gateway } = options
  const verify = options.oidc && oidcAuthenticator(options.oidc, options.now)
  const gatewayCaller: Caller = {
    user: authenticatedUser(gateway?.clientCommonName ?? 'oidc-gateway'),
    mayImpersonate: true,
    isAnonymous: false,
  }

  return async (request) => {
    const commonName = clientCommonName(request)
    if (commonName !== undefined && commonName === gateway?.clientCommonName) return gatewayCaller
    const token = bearerToken(request)
    if (token === undefined) {
      return { user: anonymousUser, mayImpersonate: false, isAnonymous: true }
    }
    if (token === gateway?.token) return gatewayCaller
    if (!verify) throw unauthorized('no provider is trusted', true)
    try {
      return { user: await verify(token), mayImpersonate: false, isAnonymous: false }
    } catch (error) {
      throw unauthorized(error instanceof Error ? error.message : 'unknown reason', true)
    }
  }
}

/** RFC 6750 §2.1. */
function bearerToken(request: IncomingMessage): string | undefined {
  const values = request.headersDistinct.authorization ?? []
  if (values.length === 0) return undefined
  if (values.length > 1) throw unauthorized('there is more than one Authorization header', true)
  const [, token] = /^bearer +([-\w.~+/]+=*)$/i.exec(values[0] ?? '') ?? []
  if (token === undefined)
    throw unauthorized('the Authorization header holds no bearer token', true)
  return token
}

/** Common name of the client's certificate, if it has one that our authority vouches for. */
function clientCommonName({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  // Without a certificate, Node gives an empty object (or null, or undefined when it is closed).
  const subject: unknown = socket.getPeerCertificate()?.subject
  if (typeof subject !== 'object' || subject === null || !('CN' in subject)) return undefined
  return typeof subject.CN === 'string' ? subject.CN : undefined
}
