import { constants } from 'node:crypto'
import { isIP } from 'node:net'
import {
  type ConnectionOptions,
  checkServerIdentity,
  createSecureContext,
  type SecureContext,
} from 'node:tls'
import type { HttpOptions } from './http.ts'
import { trustedCertificates } from './trust.ts'

/** Whom to trust in TLS, and what to show. */
export type TlsTrust = Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'> & {
  readonly secureContext: SecureContext
  readonly rejectUnauthorized: boolean
}

/** TLS towards both ends of a way. Reading a hundred certificates takes time: it is done once, when needed. */
export interface TlsSecurity {
  /** Towards the server, who alone gets to see the certificate of the client. */
  toServer(): TlsTrust
  /** Towards a proxy. */
  toProxy(): TlsTrust
}

/**
 * Makes what TLS needs of the options.
 *
 * OpenSSL follows every wish of a server for a renegotiation (TLS 1.2). As in Go, and so in kubectl
 * and int128/kubelogin, it is not allowed unless the user says so.
 *
 * @param env environment variables, which choose the certificates of the system
 */
export function tlsSecurity(
  options: HttpOptions,
  env: Readonly<Record<string, string | undefined>>,
): TlsSecurity {
  const { clientCertificate, serverName } = options
  const rejectUnauthorized = options.insecureSkipTlsVerify !== true
  const trusted = once(() => authorities(options, env))
  const anonymous = once(() => newContext(options, trusted()))
  const withCertificate = once(() => {
    if (clientCertificate === undefined) return anonymous()
    const { certPem: cert, keyPem: key } = clientCertificate
    return newContext(options, trusted(), { cert, key })
  })
  return {
    toProxy: () => ({ secureContext: anonymous(), rejectUnauthorized }),
    toServer: () => ({
      secureContext: withCertificate(),
      rejectUnauthorized,
      ...(serverName ? mustBe(serverName) : {}),
    }),
  }
}

function authorities(options: HttpOptions, env: Readonly<Record<string, string | undefined>>) {
  const given = options.certificateAuthorities ?? []
  if (options.trustsOnlyThem && given.length > 0) return [...given]
  return trustedCertificates({ given, env, platform: process.platform })
}

function newContext(
  { minTlsVersion, mayRenegotiate }: HttpOptions,
  ca: string[],
  own: { readonly cert?: string; readonly key?: string } = {},
): SecureContext {
  return createSecureContext({
    ca,
    ...own,
    minVersion: minTlsVersion ?? 'TLSv1.2',
    ...(mayRenegotiate ? {} : { secureOptions: constants.SSL_OP_NO_RENEGOTIATION }),
  })
}

/** An address is checked like a name, but not sent as one (RFC 6066 §3). */
function mustBe(serverName: string): Pick<TlsTrust, 'servername' | 'checkServerIdentity'> {
  return {
    servername: isIP(serverName) === 0 ? serverName : '',
    checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
