import { randomUUID } from 'node:crypto'
import { headLines } from '../http1/index.ts'
import { parseJson } from '../json/index.ts'
import type { HeaderLine } from '../request/index.ts'
import type { Upstream, UpstreamFailure } from '../upstream/index.ts'

/** All that the gateway ever asks as itself. No path comes from a client. */
export type OwnPath =
  | '/version'
  | '/.well-known/openid-configuration'
  | '/apis/authentication.k8s.io/v1/selfsubjectreviews'
  | '/apis/authentication.k8s.io/v1/tokenreviews'
  | '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  | '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'
  | '/apis/authorization.k8s.io/v1/subjectaccessreviews'
  | SigningRequestPath
  | SecretPath

/** Where certificates are asked for; behind it the name of a request that we have made ourselves. */
type SigningRequestPath =
  `/apis/certificates.k8s.io/v1/certificatesigningrequests${'' | `/${string}`}`

/** A Secret that the configuration names. */
type SecretPath = `/api/v1/namespaces/${string}/secrets/${string}`

/** A request of the gateway's own. */
export interface OwnRequest {
  readonly path: OwnPath
  /** Sent as JSON; without it the request is a GET. */
  readonly body?: unknown
  /** How the body is sent; `POST` by default. `APPLY` is a PATCH that is a server-side apply. */
  readonly method?: 'POST' | 'PUT' | 'APPLY'
  /** Somebody harmless to act as, to learn whether that is allowed. */
  readonly impersonation?: readonly HeaderLine[]
}

/** What the API server answered. */
export interface OwnAnswer {
  readonly status: number
  /** The body parsed as JSON; undefined when it is none. */
  readonly json: unknown
}

/** The API server gave no answer to a request of the gateway's own. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly failure: UpstreamFailure | 'too_large'

  constructor(failure: UpstreamFailure | 'too_large') {
    super(`the API server gave no answer: ${failure}`)
    this.failure = failure
  }
}

/** Reviews are small; an answer beyond it is not one. */
const maxAnswerBytes = 1024 * 1024

/**
 * Asks the API server something with the gateway's own credential, over the way that all requests take.
 *
 * @throws NoAnswer when there is no whole answer, also when `signal` is aborted
 */
export async function ownRequest(
  upstream: Upstream,
  { path, body, method = 'POST', impersonation = [] }: OwnRequest,
  signal: AbortSignal,
): Promise<OwnAnswer> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const { credential } = upstream.access()
  return await new Promise((resolve, reject) => {
    let status = 0
    let size = 0
    const chunks: Buffer[] = []
    const sending = upstream.send(
      {
        transport: 'gateway',
        lane: 'short',
        method: payload ? verbOf(method) : 'GET',
        target: path,
        headers: headLines([
          ['Host', upstream.authority()],
          ['Accept', 'application/json'],
          ['User-Agent', 'oidc-gateway'],
          ...(payload ? [['Content-Type', typeOf(method)] as const] : []),
          ...(credential.kind === 'token'
            ? [['Authorization', `Bearer ${credential.token}`] as const]
            : []),
          ...impersonation,
        ]),
        ownHeaders: [['Audit-ID', randomUUID()]],
        body: payload,
        contentLength: payload?.length,
      },
      {
        head: (head) => {
          status = head.status
        },
        data(chunk) {
          size += chunk.length
          if (size > maxAnswerBytes) {
            reject(new NoAnswer('too_large'))
            sending.abort()
          } else {
            chunks.push(chunk)
          }
          return true
        },
        end() {
          signal.removeEventListener('abort', giveUp)
          resolve({ status, json: parseJson(Buffer.concat(chunks).toString('utf8')) })
        },
        failed(failure) {
          signal.removeEventListener('abort', giveUp)
          reject(new NoAnswer(failure))
        },
      },
    )
    function giveUp(): void {
      reject(new NoAnswer('aborted'))
      sending.abort()
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}

function verbOf(method: NonNullable<OwnRequest['method']>): string {
  return method === 'APPLY' ? 'PATCH' : method
}

/** Server-side apply takes YAML, which JSON is, too. */
function typeOf(method: NonNullable<OwnRequest['method']>): string {
  return method === 'APPLY' ? 'application/apply-patch+yaml' : 'application/json'
}
