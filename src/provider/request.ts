import { OidcLoginError } from '../errors.ts'
import type { Fetch, FetchInit, System } from '../system/index.ts'
import type { SignAgain } from './client-authentication.ts'
import type { ProviderSettings } from './settings.ts'

/** Pauses before the second and the third attempt. */
const backOffMs = [250, 1_000]

/** Nothing is repeated once so much time has gone: a person waits for the answer. */
const repeatWithinMs = 20_000

/** A longer wait than this is told to the user instead of being sat through. */
const longestRetryAfterMs = 5_000

/**
 * Opens the way to one provider. Reading the certificates that are trusted and greeting each other takes
 * longer than a request, so both are done once for all requests of a sign-in.
 */
export function connectToProvider(system: Pick<System, 'http'>, settings: ProviderSettings): Fetch {
  return system.http.connect({
    certificateAuthorities: settings.certificateAuthorities,
    insecureSkipTlsVerify: settings.insecureSkipTlsVerify,
    serverName: settings.tlsServerName,
    minTlsVersion: settings.tlsMinVersion,
    mayRenegotiate: settings.tlsRenegotiation,
    clientCertificate: settings.clientCertificate,
    headers: settings.requestHeaders,
    proxyUrl: settings.proxyUrl,
    keepsConnections: true,
    timeoutMs: settings.requestTimeoutMs,
  })
}

/**
 * Makes the `fetch` for requests to one provider: traced, and repeated with back-off where repeating is
 * safe, see {@link isRepeatable}.
 *
 * @param send the way to it, made by {@link connectToProvider}
 * @param signAgain renews the signature of a client that signs its requests
 */
export function providerFetch(
  system: Pick<System, 'clock' | 'interrupted' | 'log'>,
  send: Fetch,
  signAgain?: SignAgain,
): Fetch {
  return async (url, init = {}) => {
    const startedAt = system.clock.elapsed()
    const form = formOf(init)
    const isSigned = form.has('client_assertion')
    const pauses = isRepeatable(init, form) && (!isSigned || signAgain) ? [...backOffMs] : []
    for (let body = init.body; ; ) {
      const attempt = await trace(system, url, { ...init, body }, send)
      const pauseMs = pauses.shift()
      if (attempt.isFinal || pauseMs === undefined) return attempt.answer()
      const waitMs = Math.max(pauseMs, attempt.retryAfterMs)
      const spentMs = system.clock.elapsed() - startedAt
      if (waitMs > longestRetryAfterMs || spentMs + waitMs > repeatWithinMs) return attempt.answer()
      system.log.trace(1, () => `${attempt.outcome}; asking again in ${waitMs} ms`)
      await system.clock.sleep(waitMs, system.interrupted)
      if (isSigned) body = await signAgain?.(form)
    }
  }
}

/** Grants whose proof is presented again anyway: docs/decisions/0006-repeats.md tells why. */
const repeatableGrants: ReadonlySet<string> = new Set([
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
])

/**
 * Safe are reading (GET) and {@link repeatableGrants}. An authorization code is spent by its first
 * use (RFC 6749 §4.1.2), and so is the `jti` of a client's signature (Core §9), which is made anew.
 */
function isRepeatable({ method = 'GET' }: FetchInit, form: URLSearchParams): boolean {
  return method === 'GET' || repeatableGrants.has(form.get('grant_type') ?? '')
}

function formOf({ body }: FetchInit): URLSearchParams {
  return new URLSearchParams(body instanceof Uint8Array ? undefined : body?.toString())
}

/** Failures of the way to the provider, which may be over in a moment. */
const passing: ReadonlySet<string> = new Set([
  'provider_unreachable',
  'provider_timed_out',
  'proxy_unreachable',
])

interface Attempt {
  readonly isFinal: boolean
  readonly retryAfterMs: number
  readonly outcome: string
  answer(): Response
}

async function trace(
  system: Pick<System, 'clock' | 'interrupted' | 'log'>,
  url: string | URL,
  init: FetchInit,
  send: Fetch,
): Promise<Attempt> {
  const { origin, pathname } = new URL(url)
  const name = `${init.method ?? 'GET'} ${origin}${pathname}`
  const startedAt = system.clock.elapsed()
  const attempt = await attemptOnce(send, url, { ...init, signal: system.interrupted })
  const tookMs = Math.round(system.clock.elapsed() - startedAt)
  system.log.trace(2, () => `${name}: ${attempt.outcome} in ${tookMs} ms`)
  return attempt
}

async function attemptOnce(send: Fetch, url: string | URL, init: FetchInit): Promise<Attempt> {
  try {
    const response = await send(url, init)
    return {
      isFinal: response.status < 500 && response.status !== 429,
      retryAfterMs: retryAfterMs(response),
      outcome: `status ${response.status}`,
      answer: () => response,
    }
  } catch (error) {
    if (!(error instanceof OidcLoginError)) throw error
    return {
      isFinal: !passing.has(error.code),
      retryAfterMs: 0,
      outcome: error.code,
      answer: () => {
        throw error
      },
    }
  }
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); the form with a date is not used by providers. */
function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0
}
