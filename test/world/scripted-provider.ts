import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Authority } from './certificates.ts'
import { commit, createFaults, type Faults } from './provider-faults.ts'
import { type RecordedRequest, recordRequest, urlOf } from './provider-requests.ts'
import { type LoopbackServer, startLoopbackServer } from './provider-server.ts'
import { answer, type ScriptedEndpoint, scriptedEndpointOf } from './scripted-provider-endpoints.ts'
import { createGrants } from './scripted-provider-grants.ts'
import type { ScriptedHooks } from './scripted-provider-hooks.ts'
import { createScriptedKeys, type ScriptedKeys } from './scripted-provider-keys.ts'

/** What a test wants of the provider. */
export interface ScriptedProviderOptions {
  /** Issues its certificate; without it, the provider speaks plain HTTP. */
  readonly authority?: Authority
  /** What it does differently from a good provider. */
  readonly hooks?: ScriptedHooks
  /** Path of the issuer, for example `/realms/demo`; none by default. */
  readonly issuerPath?: string
  /** Host name of the issuer, for example one below `.test`; `localhost` by default. */
  readonly hostname?: string
  /** Host names that its certificate is for, when they are not that of the issuer. */
  readonly certificateHosts?: readonly string[]
  /** The newest version of TLS that it speaks; the newest of Node by default. */
  readonly maxTlsVersion?: 'TLSv1.2'
  /** Lifetime of ID tokens in seconds. @default 3600 */
  readonly idTokenTtlSec?: number
}

/** A provider made by hand, for answers that no real provider gives. */
export interface ScriptedProvider {
  /** Issuer. */
  readonly issuer: string
  /** Certificate of the authority that has to be trusted, if there is one. */
  readonly caPem: string | undefined
  /** TCP port. */
  readonly port: number
  /** Requests in the order of their arrival. */
  readonly requests: readonly RecordedRequest<ScriptedEndpoint>[]
  /** What is to go wrong. */
  readonly faults: Faults<ScriptedEndpoint>
  /** The hooks; they may be replaced at any time. */
  readonly hooks: ScriptedHooks
  /** The signing key. */
  readonly keys: ScriptedKeys
  /** Stops the provider and cuts its connections. */
  stop(): Promise<void>
}

/**
 * Starts a provider on the loopback interface that approves every authorization at once, in the
 * name of John. Left alone it is honest: PKCE is verified, ID tokens are signed, refresh tokens
 * rotate.
 */
export async function startScriptedProvider(
  options: ScriptedProviderOptions = {},
): Promise<ScriptedProvider> {
  const { authority, issuerPath = '', hostname, idTokenTtlSec = 3600 } = options
  const hooks: ScriptedHooks = { ...options.hooks }
  const keys = await createScriptedKeys()
  const grants = createGrants()
  const requests: RecordedRequest<ScriptedEndpoint>[] = []
  const faults = createFaults<ScriptedEndpoint>()
  const tls = await authority?.issue({
    commonName: 'localhost',
    ...(hostname ? { hosts: [hostname] } : {}),
    ...(options.certificateHosts ? { hosts: options.certificateHosts } : {}),
  })
  const server: LoopbackServer = await startLoopbackServer(handle, {
    tls,
    hostname,
    maxTlsVersion: options.maxTlsVersion,
    clientAuthority: authority?.certPem,
  })
  const issuer = server.origin + issuerPath
  return {
    issuer,
    caPem: authority?.certPem,
    port: server.port,
    requests,
    faults,
    hooks,
    keys,
    stop: server.stop,
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = urlOf(request)
    const isOurs = pathname.startsWith(`${issuerPath}/`)
    const endpoint = isOurs ? scriptedEndpointOf(pathname.slice(issuerPath.length)) : 'other'
    const recorded = recordRequest(requests, endpoint, request, response)
    const fault = faults.take(endpoint)
    if (fault !== undefined && !(await commit(fault, request, response))) return
    const provider = { issuer, idTokenTtlSec, keys, grants, hooks }
    await answer(provider, { request, response, recorded })
  }
}
