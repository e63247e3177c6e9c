import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { ConnectionOptions } from 'node:tls'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { Fetch, FetchInit, HttpClient, HttpOptions } from './http.ts'
import { type Peer, providerPeer } from './peer.ts'
import { type ProxyServer, proxyFor } from './proxy.ts'
import {
  bothFamilies,
  openTunnel,
  proxyHeaders,
  refusal,
  type TlsTrust,
  toProxy,
  unreachable,
} from './proxy-tunnel.ts'
import { isTrustFailure, whyUnreachable } from './reasons.ts'
import { additionalTrust } from './trust.ts'

/** Far more than any discovery document, key set or token response needs. */
const maxResponseBytes = 1024 * 1024

/**
 * Requests over Node's own HTTP client. `fetch` is not used because it takes no certificate
 * authority; Node's modules are loaded on the first request so that a cached `get-token` does not
 * pay for them. Host names are resolved by the operating system, so that VPNs with split DNS work.
 *
 * @param env environment variables, which choose the proxy
 */
export function nodeHttp(env: Readonly<Record<string, string | undefined>>): HttpClient {
  return {
    connect(options): Fetch {
      return async (url, init = {}) => {
        const target = new URL(url)
        const { peer = providerPeer, proxyUrl } = options
        const proxy = proxyFor(target, { proxyUrl, env, place: peer.proxyPlace })
        const deadline = AbortSignal.timeout(options.timeoutMs)
        const signals = init.signal ? [init.signal, deadline] : [deadline]
        const signal = AbortSignal.any(signals)
        try {
          return await send({ target, peer, proxy, init, options, signal })
        } catch (error) {
          init.signal?.throwIfAborted()
          if (deadline.aborted) throw timedOut({ target, peer, proxy }, options.timeoutMs)
          throw explain(error, target, peer)
        }
      }
    },
  }
}

/** One request, and the way that it takes. */
interface Errand {
  readonly target: URL
  readonly peer: Peer
  readonly proxy: ProxyServer | undefined
  readonly init: FetchInit
  readonly options: HttpOptions
  readonly signal: AbortSignal
}

async function send(errand: Errand): Promise<Response> {
  const { init, options, signal } = errand
  const body = bodyOf(init.body)
  const request: RequestOptions = {
    method: init.method ?? 'GET',
    headers: {
      'user-agent': 'kubectl-oidc_login',
      ...init.headers,
      ...options.headers,
      ...(body ? { 'content-length': String(body.length) } : {}),
    },
    // No connection outlives its answer: the process ends as soon as the credential is printed.
    agent: false,
    ...bothFamilies,
    signal,
  }
  const answer = await exchange(errand, request, body)
  return toResponse(answer, await readAll(answer, errand), errand)
}

async function exchange(
  errand: Errand,
  request: RequestOptions,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  if (errand.target.protocol === 'https:') return await exchangeSecurely(errand, request, body)
  if (errand.proxy) return await exchangeThroughProxy(errand, errand.proxy, request, body)
  const { request: start } = await import('node:http')
  return await answerOf(errand, start(errand.target, request), body)
}

async function exchangeSecurely(
  errand: Errand,
  request: RequestOptions,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  const { target, peer, proxy, options, signal } = errand
  const { request: start } = await import('node:https')
  const tls = trustOptions(options)
  const socket = proxy && (await openTunnel(proxy, target, { tls, signal, peer }))
  const how = { ...request, ...(await tlsOptions(options)), ...(socket ? { socket } : {}) }
  return await answerOf(errand, start(target, how), body)
}

/** A plain request names its whole target to the proxy (RFC 9112 §3.2.2). */
async function exchangeThroughProxy(
  errand: Errand,
  proxy: ProxyServer,
  request: RequestOptions,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  const { target, peer, options } = errand
  const isSecure = proxy.protocol === 'https:'
  const { request: start } = isSecure ? await import('node:https') : await import('node:http')
  const through = {
    ...request,
    ...toProxy(proxy),
    ...(isSecure ? trustOptions(options) : {}),
    path: `${target.origin}${target.pathname}${target.search}`,
    headers: { ...Object(request.headers), host: target.host, ...proxyHeaders(proxy) },
  }
  const answer = await answerOf(errand, start(through), body).catch((error: unknown) => {
    throw error instanceof OidcLoginError ? error : unreachable(proxy, error, peer)
  })
  if (answer.statusCode !== 407) return answer
  answer.destroy()
  throw refusal(proxy, target, { status: answer.statusCode, peer })
}

async function answerOf(
  to: Recipient,
  outgoing: ClientRequest,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy()
      reject(unusable(to, 'it switches protocols'))
    })
    // Without an answer and without an error the promise would never settle.
    outgoing.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    outgoing.end(body)
  })
}

/** What the server gets to see: our certificate, if there is one, is for its eyes only. */
async function tlsOptions(options: HttpOptions): Promise<TlsTrust & NameOptions> {
  const { clientCertificate, serverName } = options
  return {
    ...trustOptions(options),
    ...(serverName ? await nameOptions(serverName) : {}),
    ...(clientCertificate
      ? { cert: clientCertificate.certPem, key: clientCertificate.keyPem }
      : {}),
  }
}

type NameOptions = Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'>

/** An address is checked like a name, but not sent as one (RFC 6066 §3). */
async function nameOptions(serverName: string): Promise<NameOptions> {
  const [{ isIP }, { checkServerIdentity }] = await Promise.all([
    import('node:net'),
    import('node:tls'),
  ])
  return {
    servername: isIP(serverName) === 0 ? serverName : '',
    checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
  }
}

function trustOptions(options: HttpOptions): TlsTrust {
  const given = options.certificateAuthorities ?? []
  const ca = options.trustsOnlyThem && given.length > 0 ? [...given] : additionalTrust(given)
  return { ...(ca ? { ca } : {}), rejectUnauthorized: options.insecureSkipTlsVerify !== true }
}

async function readAll(answer: IncomingMessage, from: Recipient): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxResponseBytes) {
      answer.destroy()
      throw unusable(from, `it is larger than ${maxResponseBytes} bytes`)
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function bodyOf(body: FetchInit['body']): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  return body instanceof Uint8Array ? body : Buffer.from(body.toString(), 'utf8')
}

function toResponse(answer: IncomingMessage, body: Buffer, from: Recipient): Response {
  const headers = new Headers()
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    headers.append(answer.rawHeaders[index] ?? '', answer.rawHeaders[index + 1] ?? '')
  }
  const status = answer.statusCode ?? 0
  if (status < 200 || status > 599) throw unusable(from, `its status is ${status}`)
  const hasNoBody = status === 204 || status === 205 || status === 304
  return new Response(hasNoBody ? null : new Uint8Array(body), { status, headers })
}

type Recipient = Pick<Errand, 'target' | 'peer'>

function unusable({ target, peer }: Recipient, why: string): OidcLoginError {
  return new OidcLoginError(
    peer.codes.invalid,
    `The answer of ${target.origin}${target.pathname} cannot be used: ${why}.`,
    { hint: `Check ${peer.urlPlace}: this does not look like ${peer.expected}.` },
  )
}

function timedOut(
  { target, peer, proxy }: Recipient & Pick<Errand, 'proxy'>,
  timeoutMs: number,
): OidcLoginError {
  const way = proxy ? ` through the proxy ${proxy.origin}` : ''
  return new OidcLoginError(
    peer.codes.timedOut,
    `${target.origin} did not answer${way} within ${timeoutMs / 1000} seconds.`,
    { hint: `Check the network, the VPN and the proxy. ${peer.afterTimeout}`.trim() },
  )
}

/** Turns what Node says of a failed connection into what a person can act upon. */
function explain(error: unknown, target: URL, peer: Peer): OidcLoginError {
  if (error instanceof OidcLoginError) return error
  const code = systemErrorCode(error) ?? 'unknown error'
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN') {
    return new OidcLoginError('usage_invalid', 'A header of --oidc-request-header is not valid.', {
      hint: 'Write it as name=value, with letters and dashes in the name and no line break in the value.',
    })
  }
  if (isTrustFailure(code)) {
    return new OidcLoginError(
      peer.codes.untrusted,
      `The certificate of ${target.origin} is not trusted (${code}).`,
      { hint: trustHint(code, peer), cause: error },
    )
  }
  return new OidcLoginError(
    peer.codes.unreachable,
    `${target.origin} cannot be reached (${whyUnreachable(code)}).`,
    { hint: `Check ${peer.urlPlace}, the network, the VPN and the proxy.`, cause: error },
  )
}

function trustHint(code: string, peer: Peer): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate was issued for another host name. Check ${peer.urlPlace}.`
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return `Check the clock of this computer, and ask the operator of ${peer.name} to renew it.`
  }
  return `If ${peer.name} uses a private certificate authority, give its file with ${peer.authorityPlace}.`
}
