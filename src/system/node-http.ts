import type { IncomingMessage, RequestOptions } from 'node:http'
import type { ConnectionOptions, SecureContextOptions } from 'node:tls'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { Fetch, FetchInit, HttpClient, HttpOptions } from './http.ts'
import { additionalTrust } from './trust.ts'

/** Far more than any discovery document, key set or token response needs. */
const maxResponseBytes = 1024 * 1024

/**
 * Requests over Node's own HTTP client. `fetch` is not used because it takes no certificate
 * authority; Node's modules are loaded on the first request so that a cached `get-token` does not
 * pay for them.
 */
export const nodeHttp: HttpClient = {
  connect(options): Fetch {
    return async (url, init = {}) => {
      const target = new URL(url)
      const deadline = AbortSignal.timeout(options.timeoutMs)
      const signals = init.signal ? [init.signal, deadline] : [deadline]
      const signal = AbortSignal.any(signals)
      try {
        return await send(target, init, options, signal)
      } catch (error) {
        init.signal?.throwIfAborted()
        if (deadline.aborted) throw timedOut(target, options.timeoutMs)
        throw explain(error, target)
      }
    }
  },
}

async function send(
  target: URL,
  init: FetchInit,
  options: HttpOptions,
  signal: AbortSignal,
): Promise<Response> {
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
  }
  const answer = await exchange(target, request, body, options, signal)
  return toResponse(answer, await readAll(answer, target), target)
}

async function exchange(
  target: URL,
  request: RequestOptions,
  body: Uint8Array | undefined,
  options: HttpOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isSecure = target.protocol === 'https:'
  const { request: start } = isSecure ? await import('node:https') : await import('node:http')
  const how = { ...request, ...(isSecure ? tlsOptions(options) : {}), signal }
  return await new Promise((resolve, reject) => {
    const outgoing = start(target, how, resolve)
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

function tlsOptions(options: HttpOptions): SecureContextOptions & ConnectionOptions {
  const ca = additionalTrust(options.certificateAuthorities ?? [])
  const { clientCertificate } = options
  return {
    ...(ca ? { ca } : {}),
    ...(clientCertificate
      ? { cert: clientCertificate.certPem, key: clientCertificate.keyPem }
      : {}),
    rejectUnauthorized: options.insecureSkipTlsVerify !== true,
  }
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

function timedOut(target: URL, timeoutMs: number): OidcLoginError {
  return new OidcLoginError(
    'provider_timed_out',
    `${target.origin} did not answer within ${timeoutMs / 1000} seconds.`,
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
    `${target.origin} cannot be reached (${reasons[code] ?? code}).`,
    { hint: 'Check the issuer URL, the network, the VPN and the proxy.', cause: error },
  )
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is unknown, ENOTFOUND',
  EAI_AGAIN: 'the name server did not answer, EAI_AGAIN',
  ECONNREFUSED: 'nothing listens there, ECONNREFUSED',
  ECONNRESET: 'the connection was cut, ECONNRESET',
  EPROTO: 'it does not speak TLS, EPROTO',
}

function isTrustFailure(code: string): boolean {
  return /CERT|SIGNED|ALTNAME|UNABLE_TO|CRL|ERR_TLS_/.test(code)
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
