import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Agent } from 'node:https'
import { OidcLoginError } from '../errors.ts'
import { inSeconds } from '../seconds.ts'
import { connectionFailure } from './connection-failure.ts'
import type { Fetch, FetchInit, HttpClient, HttpOptions } from './http.ts'
import { type Peer, providerPeer } from './peer.ts'
import { type ProxyServer, proxyFor } from './proxy.ts'
import {
  bothFamilies,
  openTunnel,
  proxyHeaders,
  refusal,
  toProxy,
  unreachable,
} from './proxy-tunnel.ts'
import { type TlsSecurity, tlsSecurity } from './tls-security.ts'

/** Far more than any discovery document, key set or token response needs. */
const maxResponseBytes = 1024 * 1024

/**
 * Requests over Node's own HTTP client. `fetch` is not used because it takes no certificate
 * authority; Node's modules are loaded on the first request so that a cached `get-token` does not
 * pay for them. Host names are resolved by the operating system, so that VPNs with split DNS work.
 *
 * @param env environment variables, which choose the proxy and the certificates of the system
 */
export function nodeHttp(env: Readonly<Record<string, string | undefined>>): HttpClient {
  return {
    connect(options): Fetch {
      const security = tlsSecurity(options, env)
      const agent = options.keepsConnections ? lazyAgent() : undefined
      return async (url, init = {}) => {
        const target = new URL(url)
        const { peer = providerPeer, proxyUrl } = options
        const proxy = proxyFor(target, { proxyUrl, env, place: peer.proxyPlace })
        const deadline = AbortSignal.timeout(options.timeoutMs)
        const signals = init.signal ? [init.signal, deadline] : [deadline]
        const signal = AbortSignal.any(signals)
        try {
          return await send({ target, peer, proxy, init, options, security, signal, agent })
        } catch (error) {
          init.signal?.throwIfAborted()
          if (deadline.aborted) throw timedOut({ target, peer, proxy }, options.timeoutMs)
          throw connectionFailure(error, { target, peer, env })
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
  readonly security: TlsSecurity
  readonly signal: AbortSignal
  readonly agent: (() => Promise<Agent>) | undefined
}

/**
 * Enough for a browser that comes straight back from a provider that knows the person, and less than servers allow: a
 * request on a connection that is just being closed is lost, and one that carries a code could not be repeated.
 */
const idleConnectionMs = 2_000

let loadedHttps: Promise<typeof import('node:https')> | undefined

/** An import of what is there already takes a Bun executable 60 µs, between the redirect and the request for tokens. */
function https(): Promise<typeof import('node:https')> {
  loadedHttps ??= import('node:https')
  return loadedHttps
}

/** Keeps connections for a while; Node lets the process end while they are idle. */
function lazyAgent(): () => Promise<Agent> {
  let agent: Promise<Agent> | undefined
  return async () => {
    agent ??= https().then(
      // Sessions are not resumed: every connection verifies its server, and is verified, as the first one.
      ({ Agent }) =>
        new Agent({ keepAlive: true, timeout: idleConnectionMs, maxCachedSessions: 0 }),
    )
    return await agent
  }
}

async function send(errand: Errand): Promise<Response> {
  const { init, options } = errand
  const body = bodyOf(init.body)
  const request: RequestOptions = {
    method: init.method ?? 'GET',
    headers: {
      'user-agent': 'kubectl-oidc_login',
      ...init.headers,
      ...options.headers,
      ...(body ? { 'content-length': String(body.length) } : {}),
    },
    // By default no connection outlives its answer: the process ends as soon as the credential is printed.
    agent: false,
    ...bothFamilies,
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
  const { target, peer, proxy, security, signal, agent } = errand
  const { request: start } = await https()
  const socket = proxy && (await openTunnel(proxy, target, { security, signal, peer }))
  const how = {
    ...request,
    ...security.toServer(),
    ...(socket ? { socket } : agent ? { agent: await agent() } : {}),
  }
  return await answerOf(errand, start(target, how), body)
}

/** A plain request names its whole target to the proxy (RFC 9112 §3.2.2). */
async function exchangeThroughProxy(
  errand: Errand,
  proxy: ProxyServer,
  request: RequestOptions,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  const { target, peer, security } = errand
  const isSecure = proxy.protocol === 'https:'
  const { request: start } = isSecure ? await https() : await import('node:http')
  const through = {
    ...request,
    ...(isSecure ? security.toProxy() : {}),
    ...toProxy(proxy),
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
  to: Errand,
  outgoing: ClientRequest,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  // Said as an option, the signal costs as much as the rest of a request.
  const abort = (): void => void outgoing.destroy(new Error('aborted'))
  if (to.signal.aborted) abort()
  to.signal.addEventListener('abort', abort)
  outgoing.on('close', () => to.signal.removeEventListener('abort', abort))
  return await new Promise((resolve, reject) => {
    const hasCome = unlessLost(outgoing, reject)
    outgoing.on('response', (answer) => {
      hasCome()
      resolve(answer)
    })
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy()
      reject(unusable(to, 'it switches protocols'))
    })
    outgoing.end(body)
  })
}

async function readAll(answer: IncomingMessage, from: Recipient): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  return await new Promise((resolve, reject) => {
    if (answer.destroyed) reject(closed())
    answer.on('data', (bytes: Buffer) => {
      size += bytes.length
      chunks.push(bytes)
      if (size <= maxResponseBytes) return
      reject(unusable(from, `it is larger than ${maxResponseBytes} bytes`))
      answer.destroy()
    })
    const hasCome = unlessLost(answer, reject)
    answer.on('end', () => {
      hasCome()
      resolve(Buffer.concat(chunks))
    })
  })
}

/**
 * Fails what is awaited when its connection fails, or ends without a word: the promise would never settle.
 *
 * @returns to be called when it has come; the end means nothing then
 */
function unlessLost(
  source: ClientRequest | IncomingMessage,
  fail: (error: Error) => void,
): () => void {
  const lost = (): void => fail(closed())
  source.on('error', fail)
  source.on('close', lost)
  return () => source.off('close', lost)
}

function closed(): Error {
  return Object.assign(new Error('closed'), { code: 'ECONNRESET' })
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
    `${target.origin} did not answer${way} within ${inSeconds(timeoutMs)}.`,
    { hint: `Check the network, the VPN and the proxy. ${peer.afterTimeout}`.trim() },
  )
}
