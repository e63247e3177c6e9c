import { isIP } from 'node:net'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { OidcLoginError, systemErrorCode } from '../../errors.ts'

/** Where a gateway is, and how its certificate is verified. */
export interface WireTarget {
  readonly host: string
  readonly port: number
  /** PEM certificates that are trusted. */
  readonly trusted: readonly string[]
}

/**
 * A TLS connection on which anything can be written. An HTTP library would refuse to send most of what
 * an attacker sends.
 */
export interface Wire {
  readonly socket: TLSSocket
  /** Writes bytes; text is written as Latin-1. */
  write(bytes: string | Buffer): void
  /** Waits until `look` finds something in what came so far; it is told when no more will come. */
  read<T>(look: (bytes: Buffer, hasEnded: boolean) => T | undefined): Promise<T>
  /** Lets whoever reads look again, although nothing came. */
  wake(): void
  /** Forgets bytes at the beginning of what came. */
  take(count: number): void
  close(): void
}

/** More than this is no answer to a question of ours. */
const mostBytes = 4 * 1024 * 1024

/**
 * Opens a connection; the certificate is verified.
 *
 * @param signal gives up
 * @throws OidcLoginError `api_server_unreachable`, `api_server_untrusted`
 */
export async function openWire(target: WireTarget, signal: AbortSignal): Promise<Wire> {
  const { host, port } = target
  const socket = connect({
    host,
    port,
    secureContext: trustOf(target),
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: ['http/1.1'],
  })
  const giveUp = (): void => void socket.destroy()
  signal.addEventListener('abort', giveUp, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', giveUp))
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve).once('error', reject)
      socket.once('close', () => reject(new Error('closed')))
    })
  } catch (error) {
    socket.destroy()
    throw connectionError(target, error, signal)
  }
  return wireOn(socket, target)
}

/** The authorities of a system are many, and reading them takes longer than a request. */
const trusts = new WeakMap<WireTarget, SecureContext>()

function trustOf(target: WireTarget): SecureContext {
  const trust = trusts.get(target) ?? createSecureContext({ ca: [...target.trusted] })
  trusts.set(target, trust)
  return trust
}

function wireOn(socket: TLSSocket, target: WireTarget): Wire {
  let bytes = Buffer.alloc(0)
  let hasEnded = false
  let wake = (): void => undefined
  const end = (): void => {
    hasEnded = true
    wake()
  }
  socket.removeAllListeners('error').on('error', end).once('end', end).once('close', end)
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.length > mostBytes) socket.destroy()
    wake()
  })
  return {
    socket,
    write: (data) => void socket.write(data, 'latin1'),
    async read(look) {
      for (;;) {
        const found = look(bytes, hasEnded)
        if (found !== undefined) return found
        if (hasEnded) throw cut(target)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    wake: () => wake(),
    take(count) {
      bytes = bytes.subarray(count)
    },
    close: () => void socket.destroy(),
  }
}

function cut({ host, port }: WireTarget): OidcLoginError {
  return new OidcLoginError(
    'api_server_unreachable',
    `${host}:${port} closed the connection, or did not answer in time.`,
    { hint: 'Look into the log of the gateway, and of what stands before it.' },
  )
}

function connectionError(
  { host, port }: WireTarget,
  error: unknown,
  signal: AbortSignal,
): OidcLoginError {
  const code = systemErrorCode(error)
  const isCertificate = code !== undefined && /CERT|SIGNATURE|ALTNAME|ISSUER|CHAIN/.test(code)
  if (isCertificate) {
    return new OidcLoginError(
      'api_server_untrusted',
      `The certificate of ${host}:${port} is not trusted (${code}).`,
      { hint: 'Give the file of its authority by --certificate-authority.', cause: error },
    )
  }
  const why = signal.aborted ? 'no answer in time' : (code ?? 'unknown error')
  return new OidcLoginError(
    'api_server_unreachable',
    `${host}:${port} cannot be reached (${why}).`,
    { hint: 'Check --server.', cause: error },
  )
}
