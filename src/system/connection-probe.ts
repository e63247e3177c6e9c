import type { PeerCertificate } from 'node:tls'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { type Peer, providerPeer } from './peer.ts'
import type { ProxyServer } from './proxy.ts'

/** One attempt to come closer to a server: what was found, or the system's error code. */
export type Probe<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** `code` is what the operating system or OpenSSL says: `ENOTFOUND`, `ECONNREFUSED` … */
  | { readonly kind: 'failed'; readonly code: string }

/** A certificate, as far as it helps to find a fault. */
export interface CertificateFacts {
  /** Common name of the subject. */
  readonly subject: string
  /** Common name of the issuer. */
  readonly issuer: string
  /** Names that it is for, as OpenSSL writes them: `DNS:sso.example.com, IP Address:…`. */
  readonly names: string
  /** Beginning of its validity, in milliseconds since the epoch. */
  readonly beginsAt: number
  /** End of its validity, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** How a server introduced itself. */
export interface TlsFacts {
  /** Negotiated version: `TLSv1.3` … */
  readonly protocol: string
  /** Why it is not trusted, in OpenSSL's words; undefined when it is. */
  readonly problem: string | undefined
  /** The certificates that it sent, its own first, and those that were found to end the chain. */
  readonly chain: readonly CertificateFacts[]
}

/** Looks a host name up as the rest of the program does, with the operating system's resolver. */
export async function resolveHost(host: string, timeoutMs: number): Promise<Probe<string[]>> {
  const { lookup } = await import('node:dns/promises')
  return await within(timeoutMs, async () => {
    const found = await lookup(host, { all: true })
    return found.map(({ address }) => address)
  })
}

/** Opens a TCP connection and closes it. @returns the address that answered */
export async function connectTo(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Probe<string>> {
  const { connect } = await import('node:net')
  return await within(timeoutMs, async (signal) => {
    const socket = connect({ host, port, signal })
    try {
      return await new Promise<string>((resolve, reject) => {
        socket.once('error', reject)
        socket.once('connect', () => resolve(socket.remoteAddress ?? host))
      })
    } finally {
      socket.destroy()
    }
  })
}

/** Which way is taken to a server, and how long it may take. */
export interface ProxyProbe {
  readonly proxy: ProxyServer
  /** An https URL of the server. */
  readonly target: URL
  /** Environment variables, which choose the certificates of the system. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** PEM certificates that a proxy with TLS is checked with, beside those of the system. */
  readonly certificateAuthorities: readonly string[]
  /** Whether its certificate is not verified. */
  readonly insecureSkipTlsVerify: boolean
  readonly timeoutMs: number
}

/**
 * Lets a proxy open a tunnel to a server, and closes it.
 *
 * @throws OidcLoginError `proxy_unreachable`, `proxy_refused`, `provider_unreachable`
 */
export async function tryTunnel(probe: ProxyProbe): Promise<Probe<void>> {
  return await within(probe.timeoutMs, async (signal) => {
    const socket = await tunnelOf(probe, signal)
    socket.destroy()
  })
}

async function tunnelOf(probe: ProxyProbe, signal: AbortSignal, peer: Peer = providerPeer) {
  const [{ openTunnel }, { tlsSecurity }] = await Promise.all([
    import('./proxy-tunnel.ts'),
    import('./tls-security.ts'),
  ])
  const security = tlsSecurity(probe, probe.env)
  return await openTunnel(probe.proxy, probe.target, { security, signal, peer })
}

/** What is trusted in a TLS handshake, and how long it may take. */
export interface TlsProbe {
  readonly host: string
  readonly port: number
  /** PEM certificates that are trusted in addition to the system's. */
  readonly certificateAuthorities: readonly string[]
  /** The name that the certificate must have, when it is not the host. */
  readonly serverName?: string | undefined
  /** Environment variables, which choose the certificates of the system. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
  /** The proxy on the way, if there is one. */
  readonly through?: ProxyProbe | undefined
}

/**
 * The authorities that a connection trusts: those of the system, and the given ones.
 *
 * @returns PEM certificates
 */
export async function systemAuthorities({
  env,
  certificateAuthorities: given,
}: Pick<TlsProbe, 'env' | 'certificateAuthorities'>): Promise<string[]> {
  const { trustedCertificates } = await import('./trust.ts')
  return trustedCertificates({ given, env, platform: process.platform })
}

/** Shakes hands with a TLS server, whoever it is, and tells how it introduced itself. */
export async function inspectTls(probe: TlsProbe): Promise<Probe<TlsFacts>> {
  const [{ checkServerIdentity, connect }, { isIP }, { trustedCertificates }] = await Promise.all([
    import('node:tls'),
    import('node:net'),
    import('./trust.ts'),
  ])
  const { env, certificateAuthorities: given, serverName = probe.host } = probe
  const ca = trustedCertificates({ given, env, platform: process.platform })
  return await within(probe.timeoutMs, async (signal) => {
    const tunnel = probe.through && (await tunnelOf(probe.through, signal))
    const socket = connect({
      host: probe.host,
      port: probe.port,
      ...(tunnel ? { socket: tunnel } : {}),
      servername: isIP(serverName) === 0 ? serverName : '',
      checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
      ca,
      // Nothing is sent: the certificate is looked at, not believed.
      rejectUnauthorized: false,
    })
    signal.addEventListener('abort', () => socket.destroy(new Error('aborted')))
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        socket.once('secureConnect', resolve)
      })
      return {
        protocol: socket.getProtocol() ?? 'unknown',
        problem: socket.authorized ? undefined : problemOf(socket.authorizationError),
        chain: chainOf(socket.getPeerCertificate(true)),
      }
    } finally {
      socket.destroy()
    }
  })
}

/** Node's types promise an Error; in truth it is a code. */
function problemOf(error: unknown): string {
  if (typeof error === 'string') return error
  return systemErrorCode(error) ?? 'unknown error'
}

const longestChain = 10

function chainOf(first: PeerCertificate & { issuerCertificate?: PeerCertificate }) {
  const chain: CertificateFacts[] = []
  const seen = new Set<string>()
  let certificate: typeof first | undefined = first
  while (certificate?.fingerprint256 && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256)
    chain.push({
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      names: certificate.subjectaltname ?? '',
      beginsAt: Date.parse(certificate.valid_from),
      expiresAt: Date.parse(certificate.valid_to),
    })
    certificate = chain.length < longestChain ? certificate.issuerCertificate : undefined
  }
  return chain
}

function nameOf(name: PeerCertificate['subject'] | undefined): string {
  return String(name?.CN ?? name?.O ?? 'unnamed')
}

async function within<T>(
  timeoutMs: number,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<Probe<T>> {
  const signal = AbortSignal.timeout(timeoutMs)
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')))
  })
  tooLate.catch(() => undefined)
  try {
    return { kind: 'done', value: await Promise.race([operation(signal), tooLate]) }
  } catch (error) {
    if (error instanceof OidcLoginError && !signal.aborted) throw error
    const code = signal.aborted ? 'ETIMEDOUT' : (systemErrorCode(error) ?? 'unknown error')
    return { kind: 'failed', code }
  }
}
