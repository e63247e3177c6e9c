import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { ClientMetadata, KoaContextWithOIDC } from 'oidc-provider'
import type { Authority } from './certificates.ts'
import { jane, john, type TestAccount } from './provider-accounts.ts'
import { kubernetesClients } from './provider-clients.ts'
import { createConfiguration, type TokenPolicy } from './provider-configuration.ts'
import { loadEngine } from './provider-engine.ts'
import { commit, createFaults, type Faults } from './provider-faults.ts'
import { interact } from './provider-interactions.ts'
import { type RecordedRequest, recordRequest, urlOf } from './provider-requests.ts'
import { type LoopbackServer, startLoopbackServer } from './provider-server.ts'
import { createStorage } from './provider-storage.ts'
import { noteSecrets } from './secrets.ts'

/** The endpoints at which the provider records requests and can be made to fail. */
export type ProviderEndpoint =
  | 'discovery'
  | 'jwks'
  | 'authorization'
  | 'login'
  | 'token'
  | 'revocation'
  | 'device_authorization'
  | 'device'
  | 'userinfo'
  | 'end_session'
  | 'pushed_authorization_request'
  | 'other'

/** What a test wants of the provider. */
export interface ProviderOptions extends Partial<TokenPolicy> {
  /** Issues the certificate of the provider. */
  readonly authority: Authority
  /** Whether browsers can come by plain HTTP, too, so that one of a person shows no warning. */
  readonly hasPlainDoor?: boolean
  /** Who can sign in; John and Jane by default. */
  readonly accounts?: readonly TestAccount[]
  /** Registered clients; `kubernetes` and `kubernetes-confidential` by default. */
  readonly clients?: readonly ClientMetadata[]
  /** Redirect URIs of the default clients. Any port of a loopback URI is accepted. */
  readonly redirectUris?: readonly string[]
  /** Whether the provider takes pushed authorization requests (RFC 9126). */
  readonly pushedAuthorizationRequests?: boolean
  /** TCP port; a free one by default. */
  readonly port?: number
  /** Host name of the issuer, for example one below `.test`; `localhost` by default. */
  readonly hostname?: string
}

/** A real OpenID provider that runs inside the test. */
export interface TestProvider {
  /** Issuer, `https://localhost:<port>`. */
  readonly issuer: string
  /** `http://localhost:<port>` for browsers; undefined without a plain door. */
  readonly plainOrigin: string | undefined
  /** Certificate of the authority that has to be trusted. */
  readonly caPem: string
  /** TCP port. */
  readonly port: number
  /** Requests in the order of their arrival. */
  readonly requests: readonly RecordedRequest<ProviderEndpoint>[]
  /** What is to go wrong. */
  readonly faults: Faults<ProviderEndpoint>
  /** How tokens are issued; a change is in force with the next token. */
  readonly policy: TokenPolicy
  /** Replaces the signing keys. Tokens that were signed before cannot be verified any more. */
  rotateKeys(): Promise<void>
  /** Ends the sessions of an account: its refresh tokens are void. */
  endSessions(username: string): void
  /** Forgets all sessions, grants and tokens. */
  revokeAll(): void
  /** Stops the provider and cuts its connections. */
  stop(): Promise<void>
}

/** Starts a provider (oidc-provider) on the loopback interface, over TLS. */
export async function startProvider(options: ProviderOptions): Promise<TestProvider> {
  const { authority, accounts = [john, jane], pushedAuthorizationRequests = false } = options
  const policy: TokenPolicy = {
    idTokenTtlSec: options.idTokenTtlSec ?? 3600,
    accessTokenTtlSec: options.accessTokenTtlSec ?? 3600,
    refreshTokens: options.refreshTokens ?? 'offline_access',
    rotateRefreshTokens: options.rotateRefreshTokens ?? true,
  }
  const storage = createStorage()
  const clients = options.clients ?? kubernetesClients(options.redirectUris)
  const parts = { policy, storage, accounts, clients, pushedAuthorizationRequests }
  const requests: RecordedRequest<ProviderEndpoint>[] = []
  const recordOf = new WeakMap<IncomingMessage, RecordedRequest<ProviderEndpoint>>()
  const faults = createFaults<ProviderEndpoint>()
  const { hostname } = options
  const names = { commonName: 'localhost', ...(hostname ? { hosts: [hostname] } : {}) }
  const tls = await authority.issue(names)

  // The issuer holds the port, which is known only once the server listens.
  let provider: Provider | undefined
  const server: LoopbackServer = await startLoopbackServer(handle, {
    tls,
    port: options.port,
    hostname,
  })
  const plain = options.hasPlainDoor ? await startLoopbackServer(handle) : undefined
  const issuer = server.origin
  await rotateKeys()
  return {
    issuer,
    plainOrigin: plain?.origin,
    caPem: authority.certPem,
    port: server.port,
    requests,
    faults,
    policy,
    rotateKeys,
    endSessions: (username) => {
      const account = accounts.find((candidate) => candidate.username === username)
      if (!account) throw new Error(`there is no account ${username}`)
      storage.forget(account.sub)
    },
    revokeAll: () => storage.forget(),
    async stop() {
      await Promise.all([server.stop(), plain?.stop()])
    },
  }

  async function rotateKeys(): Promise<void> {
    const { Provider: Engine } = await loadEngine()
    const next = new Engine(issuer, await createConfiguration(parts))
    next.on('grant.success', noteGrant)
    next.on('grant.error', noteGrant)
    next.on('authorization.success', (_, out) => noteSecrets(Object.entries(Object(out))))
    next.on('device_authorization.success', (_, out) => noteSecrets(Object.entries(Object(out))))
    provider = next
  }

  function noteGrant(ctx: KoaContextWithOIDC): void {
    const recorded = recordOf.get(ctx.req)
    const grantType: unknown = ctx.oidc.params?.grant_type
    noteSecrets(Object.entries(Object(ctx.oidc.body)))
    noteSecrets(Object.entries(Object(ctx.body)))
    if (recorded && typeof grantType === 'string') recorded.grantType = grantType
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!provider) return void response.writeHead(503).end()
    const endpoint = endpointOf(request)
    recordOf.set(request, recordRequest(requests, endpoint, request, response))
    const fault = faults.take(endpoint)
    if (fault !== undefined && !(await commit(fault, request, response))) return
    if (urlOf(request).pathname.startsWith('/interaction/')) {
      return await interact({ provider, accounts, request, response })
    }
    if (endpoint === 'authorization') askForConsent(request)
    await provider.callback()(request, response)
  }
}

const endpointOfPath: Readonly<Record<string, ProviderEndpoint>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/auth': 'authorization',
  '/token': 'token',
  '/token/revocation': 'revocation',
  '/device/auth': 'device_authorization',
  '/device': 'device',
  '/me': 'userinfo',
  '/session/end': 'end_session',
  '/request': 'pushed_authorization_request',
}

/** The steps between the first page of an endpoint and the last. */
const endpointOfStep: readonly (readonly [string, ProviderEndpoint])[] = [
  ['/interaction/', 'login'],
  ['/auth/', 'login'],
  ['/device/', 'device'],
  ['/session/end/', 'end_session'],
]

function endpointOf(request: IncomingMessage): ProviderEndpoint {
  const path = urlOf(request).pathname
  const step = endpointOfStep.find(([prefix]) => path.startsWith(prefix))
  return endpointOfPath[path] ?? step?.[1] ?? 'other'
}

/**
 * oidc-provider drops `offline_access` unless the client asks for a consent prompt (OpenID Connect
 * Core §11). Keycloak, Entra, Google and Okta do not, and neither do we.
 */
function askForConsent(request: IncomingMessage): void {
  const url = urlOf(request)
  const prompts = (url.searchParams.get('prompt') ?? '').split(' ').filter(Boolean)
  const scopes = (url.searchParams.get('scope') ?? '').split(' ')
  if (!scopes.includes('offline_access') || prompts.includes('none')) return
  url.searchParams.set('prompt', [...new Set([...prompts, 'consent'])].join(' '))
  request.url = url.pathname + url.search
}
