import { OidcLoginError } from '../errors.ts'
import type { System } from '../system/index.ts'
import type { ApiServer } from './api-server.ts'
import { type ApiServerUser, parseReview } from './parse-review.ts'
import { apiServerPeer } from './peer.ts'
import { refusalOf } from './refusals.ts'

/** What a review needs of the System. */
export type ReviewSystem = Pick<System, 'http' | 'interrupted' | 'log'>

/** Whose token is shown, and how long each of at most two requests may take. */
export interface Review {
  /** A bearer token (RFC 6750 §2.1). */
  readonly token: string
  readonly timeoutMs: number
}

/**
 * Asks an API server who the bearer of a token is (`SelfSubjectReview`). Nothing is changed there.
 *
 * @throws OidcLoginError `api_server_unreachable`, `api_server_untrusted`, `api_server_unavailable`,
 *   `api_server_response_invalid`, `api_server_too_old`, `token_not_accepted` (401), `review_forbidden`
 *   (403: the token is accepted), `token_invalid`, `proxy_unreachable`, `proxy_refused`,
 *   `usage_invalid` (the URL of the proxy)
 */
export async function selfSubjectReview(
  system: ReviewSystem,
  server: ApiServer,
  { token, timeoutMs }: Review,
): Promise<ApiServerUser> {
  const base = baseUrl(server.url)
  checkToken(token)
  const send = system.http.connect({
    peer: apiServerPeer,
    certificateAuthorities: server.certificateAuthorities,
    trustsOnlyThem: true,
    insecureSkipTlsVerify: server.insecureSkipTlsVerify,
    serverName: server.tlsServerName,
    proxyUrl: server.proxyUrl,
    timeoutMs,
  })
  const ask = async (apiVersion: string): Promise<Response> => {
    const url = `${base}/apis/${apiVersion}/selfsubjectreviews`
    const response = await send(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({ apiVersion, kind: 'SelfSubjectReview' }),
      signal: system.interrupted,
    })
    system.log.trace(2, () => `POST ${url}: status ${response.status}`)
    return response
  }
  const first = await ask('authentication.k8s.io/v1')
  // v1 came with Kubernetes 1.28; 1.27 has the beta, where it was switched on.
  const answer = first.status === 404 ? await ask('authentication.k8s.io/v1beta1') : first
  const body = parseJson(await answer.text())
  if (!answer.ok) throw refusalOf(answer.status, body, base)
  return parseReview(body, base)
}

/** client-go sends no credential to an API server that does not speak TLS, and neither do we. */
function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:') return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  throw new OidcLoginError(
    'api_server_untrusted',
    'The URL of the API server does not begin with https://, so no token is sent there.',
    {
      hint: 'Correct "server" of the cluster in the kubeconfig; kubectl sends no token there, either.',
    },
  )
}

/** A header that Node refuses would be reported as one of the user's own. */
function checkToken(token: string): void {
  if (/^[\w.~+/-]+=*$/.test(token)) return
  throw new OidcLoginError(
    'token_invalid',
    'The token holds characters that no bearer token has (RFC 6750 §2.1).',
    { hint: 'Sign in again; if this goes on, tell the operator of the provider.' },
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
