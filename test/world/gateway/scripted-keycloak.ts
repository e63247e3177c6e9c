import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { createAuthority } from '../certificates.ts'
import { startLoopbackServer } from '../provider-server.ts'

/** A request that reached the scripted Keycloak. */
export interface AdminRequest {
  /** Method and path with its query, such as `GET /admin/realms/demo`. */
  readonly call: string
  readonly authorization: string | undefined
  readonly body: string
}

/** What it answers: a status, and a body as JSON or as it is. */
export interface AdminAnswer {
  readonly status: number
  readonly body?: unknown
}

/** Answers a request; undefined for what a Keycloak without any realm but `master` says. */
export type AdminScript = (
  request: AdminRequest,
  before: number,
  origin: string,
) => AdminAnswer | undefined

/** An Admin API made by hand, for answers that no healthy Keycloak gives. */
export interface ScriptedKeycloak {
  readonly url: string
  readonly caPem: string
  /** In the order of their arrival. */
  readonly requests: readonly AdminRequest[]
  stop(): Promise<void>
}

/** Starts one. The script is told how many requests with the same call came before, and its origin. */
export async function startScriptedKeycloak(script: AdminScript): Promise<ScriptedKeycloak> {
  const authority = await createAuthority()
  const requests: AdminRequest[] = []
  const server = await startLoopbackServer(
    async (incoming, response) => {
      const request = await requestOf(incoming)
      const before = requests.filter(({ call }) => call === request.call).length
      requests.push(request)
      const { status, body } =
        script(request, before, server.origin) ?? usualAnswer(request, server.origin)
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    },
    { tls: await authority.issue({ commonName: 'localhost' }) },
  )
  return { url: server.origin, caPem: authority.certPem, requests, stop: server.stop }
}

/** Signing in succeeds, each time with another token; there is nothing else. */
function usualAnswer({ call }: AdminRequest, origin: string): AdminAnswer {
  if (call.endsWith('/realms/master/.well-known/openid-configuration')) {
    return { status: 200, body: { issuer: `${origin}/realms/master` } }
  }
  if (call.endsWith('/realms/master/protocol/openid-connect/token')) {
    return { status: 200, body: { access_token: `administrator-${Math.random()}` } }
  }
  return { status: 404, body: { error: 'Realm not found.' } }
}

async function requestOf(incoming: IncomingMessage): Promise<AdminRequest> {
  const { method, url, headers } = incoming
  return {
    call: `${method} ${url}`,
    authorization: headers.authorization,
    body: await text(incoming),
  }
}
