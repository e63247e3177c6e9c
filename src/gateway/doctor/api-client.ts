import type { Fetch, Peer, System } from '../../system/index.ts'
import { parseJson } from '../json/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'

/** What the API server answered. */
export interface ApiAnswer {
  readonly status: number
  /** Parsed JSON; undefined when it was none. */
  readonly json: unknown
  /** Its clock, in milliseconds since the epoch; undefined when it does not tell. */
  readonly date: number | undefined
}

/** Questions to the API server, with the gateway's credential. None of them changes anything. */
export interface ApiClient {
  get(path: string): Promise<ApiAnswer>
  /** Reviews are questions, although they are posted. */
  review(group: string, kind: string, spec?: unknown): Promise<ApiAnswer>
}

const timeoutMs = 10_000

/** Makes a client; its requests throw OidcLoginError `api_server_…`. */
export function apiClient(
  system: Pick<System, 'http' | 'interrupted'>,
  access: UpstreamAccess,
): ApiClient {
  const { server, serverName, certificateAuthority, credential } = access
  const send = system.http.connect({
    peer: upstreamPeer,
    certificateAuthorities: [certificateAuthority],
    trustsOnlyThem: true,
    serverName,
    // The gateway itself never goes through a proxy, either (rule H13).
    proxyUrl: 'direct',
    timeoutMs,
    ...(credential.kind === 'certificate'
      ? { clientCertificate: { certPem: credential.certificate, keyPem: credential.key } }
      : {}),
    headers: {
      accept: 'application/json',
      'user-agent': 'oidc-gateway-doctor',
      ...(credential.kind === 'token' ? { authorization: `Bearer ${credential.token}` } : {}),
    },
  })
  return apiClientOver(send, server, system.interrupted)
}

/**
 * The same over a connection that is there already.
 *
 * @param send with a credential
 * @param server URL without a slash at the end
 */
export function apiClientOver(send: Fetch, server: string, signal: AbortSignal): ApiClient {
  const ask = async (path: string, body?: unknown): Promise<ApiAnswer> => {
    const response = await send(`${server}${path}`, {
      signal,
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    return {
      status: response.status,
      json: parseJson(await response.text()),
      date: Number.isNaN(date) ? undefined : date,
    }
  }
  return {
    get: async (path) => await ask(path),
    review: async (group, kind, spec) =>
      await ask(`/apis/${group}/v1/${kind.toLowerCase()}s`, {
        apiVersion: `${group}/v1`,
        kind,
        ...(spec === undefined ? {} : { spec }),
      }),
  }
}

const upstreamPeer: Peer = {
  codes: {
    unreachable: 'api_server_unreachable',
    timedOut: 'api_server_unreachable',
    untrusted: 'api_server_untrusted',
    invalid: 'api_server_response_invalid',
  },
  name: 'the API server',
  urlPlace: 'upstream.server',
  authorityPlace: 'upstream.caFile',
  serverNamePlace: 'upstream.serverName',
  proxyPlace: 'nowhere',
  proxyBypass: 'nothing',
  expected: 'a Kubernetes API server',
  afterTimeout: '',
}
