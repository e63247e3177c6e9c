import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { Fetch, FetchInit, HttpClient, HttpOptions } from './http.ts'
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
        const proxy = proxyFor(target, { proxyUrl: options.proxyUrl, env })
        const deadline = AbortSignal.timeout(options.timeoutMs)
        const signals = init.signal ? [init.signal, deadline] : [deadline]
        const signal = AbortSignal.any(signals)
        try {
          return await send({ target, proxy, init, options, signal })
        } catch (error) {
          init.signal?.throwIfAborted()
          if (deadline.aborted) throw timedOut(target, proxy, options.timeoutMs)
          throw explain(error, target)
        }
      }
    },
  }
}

/** One request, and the way that it takes. */
interface Errand {
  readonly target: URL
  readonly proxy: ProxyServer | undefined
  readonly init: FetchInit
  readonly options: HttpOptions
  readonly signal: AbortSignal
}

async function send(errand: Errand): Promise<Response> {
  const { target, init, options, signal } = errand
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
  return toResponse(answer, await readAll(answer, target), target)
}

async function exchange(
  errand: Errand,
  request: RequestOptions,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  if (errand.target.protocol === 'https:') return await exchangeSecurely(errand, request, body)
  if (errand.proxy) return await exchangeThroughProxy(errand, errand.proxy, request, body)
  const { request: start } = await import('node:http')
  return await answerOf(errand.target, start(errand.target, request), body)
}

async function exchangeSecurely(
  { target, proxy, options, signal }: Errand,
  request: RequestOptions,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  const { request: start } = await import('node:https')
  const tls = trustOptions(options)
  const socket = proxy && (await openTunnel(proxy, target, { tls, signal }))
  const how = { ...request, ...tlsOptions(options), ...(socket ? { socket } : {}) }
  return await answerOf(target, start(target, how), body)
}

/** A plain request names its whole target to the proxy (RFC 9112 §3.2.2). */
async function exchangeThroughProxy(
  { target, options }: Errand,
  proxy: ProxyServer,
  request: RequestOptions,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  const isSecure = proxy.protocol === 'https:'
  const { request: start } = isSecure ? await import('node:https') : await import('node:http')
  const through = {
    ...request,
    ...toProxy(proxy),
    ...(isSecure ? trustOptions(options) : {}),
    path: `${target.origin}${target.pathname}${target.search}`,
    headers: { ...Object(request.headers), host: target.host, ...proxyHeaders(proxy) },
  }
  const answer = await answerOf(target, start(through), body).catch((error: unknown) => {
    throw error instanceof OidcLoginError ? error : unreachable(proxy, error)
  })
  if (answer.statusCode !== 407) return answer
  answer.destroy()
  throw refusal(proxy, target, answer.statusCode)
}

async function answerOf(
  target: URL,
  outgoing: ClientRequest,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy()
      reject(unusable(target, 'it switches protocols'))
    })
    // Without an answer and without an error the promise would never settle.
    outgoing.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    outgoing.end(body)
  })
}

/** What the provider gets to see: our certificate, if there is one, is for its eyes only. */
function tlsOptions(options: HttpOptions): TlsTrust {
  const { clientCertificate } = options
  return {
    ...trustOptions(options),
    ...(clientCertificate
      ? { cert: clientCertificate.certPem, key: clientCertificate.keyPem }
      : {}),
  }
}

function trustOptions(options: HttpOptions): TlsTrust {
  const ca = additionalTrust(options.certificateAuthorities ?? [])
  return { ...(ca ? { ca } : {}), rejectUnauthorized: options.insecureSkipTlsVerify !== true }
}

async function readAll(answer: IncomingMessage, target: URL): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxResponseBytes) {
      answer.destroy()
      throw unusable(target, `it is larger than ${maxResponseBytes} bytes`)
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function bodyOf(body: FetchInit['body']): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  return body instanceof Uint8Array ? body : Buffer.from(body.toString(), 'utf8')
}

function toResponse(answer: IncomingMessage, body: Buffer, target: URL): Response {
  const headers = new Headers()
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    headers.append(answer.rawHeaders[index] ?? '', answer.rawHeaders[index + 1] ?? '')
  }
  const status = answer.statusCode ?? 0
  if (status < 200 || status > 599) throw unusable(target, `its status is ${status}`)
  const hasNoBody = status === 204 || status === 205 || status === 304
  return new Response(hasNoBody ? null : new Uint8Array(body), { status, headers })
}

function unusable(target: URL, why: string): OidcLoginError {
  return new OidcLoginError(
    'provider_response_invalid',
    `The answer of ${target.origin}${target.pathname} cannot be used: ${why}.`,
    { hint: 'Check the issuer URL: this does not look like an OpenID Connect provider.' },
  )
}

function timedOut(target: URL, proxy: ProxyServer | undefined, timeoutMs: number): OidcLoginError {
  const way = proxy ? ` through the proxy ${proxy.origin}` : ''
  return new OidcLoginError(
    'provider_timed_out',
    `${target.origin} did not answer${way} within ${timeoutMs / 1000} seconds.`,
    { hint: 'Check the network, the VPN and the proxy. Your session is kept; try again.' },
  )
}

/** Turns what Node says of a failed connection into what a person can act upon. */
function explain(error: unknown, target: URL): OidcLoginError {
  if (error instanceof OidcLoginError) return error
  const code = systemErrorCode(error) ?? 'unknown error'
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN') {
    return new OidcLoginError('usage_invalid', 'A header of --oidc-request-header is not valid.', {
      hint: 'Write it as name=value, with letters and dashes in the name and no line break in the value.',
    })
  }
  if (isTrustFailure(code)) {
    return new OidcLoginError(
      'provider_untrusted',
      `The certificate of ${target.origin} is not trusted (${code}).`,
      { hint: trustHint(code), cause: error },
    )
  }
  return new OidcLoginError(
    'provider_unreachable',
    `${target.origin} cannot be reached (${whyUnreachable(code)}).`,
    { hint: 'Check the issuer URL, the network, the VPN and the proxy.', cause: error },
  )
}

function trustHint(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'The certificate was issued for another host name. Check the issuer URL.'
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'Check the clock of this computer, and ask the operator of the provider to renew it.'
  }
  return 'If the provider uses a private certificate authority, give its file with --certificate-authority.'
}
