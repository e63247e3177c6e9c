import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { type AccessRule, tutorialRules } from './api/access-rules.ts'
import { createAuthenticator, type GatewayCredential } from './api/authenticate.ts'
import { createAuthorizer } from './api/authorize.ts'
import { containerNames } from './api/containers.ts'
import { createHandler, createUpgradeHandler } from './api/handler.ts'
import { createLogBook } from './api/log-book.ts'
import type { OidcTrust } from './api/oidc.ts'
import type { RecordedRequest } from './api/record.ts'
import { resourceTypes } from './api/resources.ts'
import { seed } from './api/seed.ts'
import { createStore } from './api/store.ts'
import type { Authority } from './certificates.ts'

export type { AccessRule, GatewayCredential, OidcTrust, RecordedRequest }
export { tutorialRules }

/** How the API server is to be. */
export interface ApiServerOptions {
  /** Issues the serving certificate, and vouches for the gateway's client certificate. */
  readonly authority: Authority
  /** The provider whose ID tokens are accepted; without it, none are. */
  readonly oidc?: OidcTrust
  /** Who may do what; {@link tutorialRules} by default. */
  readonly rules?: readonly AccessRule[]
  /** The only credential that may impersonate. */
  readonly gateway?: GatewayCredential
  /** Where `exec` runs its commands; without it there is no `exec`. */
  readonly folder?: string
  /** The time, in milliseconds since the epoch; that of this machine by default. */
  readonly now?: () => number
}

/** A small Kubernetes API server with TLS on a free port of 127.0.0.1. */
export interface ApiServer {
  /** For `clusters[].cluster.server`, without a slash at the end. */
  readonly url: string
  /** For `clusters[].cluster.certificate-authority-data`, as PEM. */
  readonly certificateAuthorityPem: string
  /** What was asked so far, in the order in which the answers began. */
  readonly requests: readonly RecordedRequest[]
  /**
   * Lets the first container of a pod write a line to its log.
   *
   * @throws when there is no such pod
   */
  writeLog(namespace: string, pod: string, line: string): void
  /** Ends every connection, watches included, and the server. */
  stop(): Promise<void>
}

/** Starts an API server that holds a few objects, all in memory. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { authority, oidc, gateway, rules = tutorialRules, now = Date.now } = options
  const cluster = {
    store: createStore(now),
    logs: createLogBook(now),
    authorizer: createAuthorizer(rules),
    now,
  }
  seed(cluster)
  const requests: RecordedRequest[] = []
  const parts = {
    cluster,
    authenticate: createAuthenticator({ oidc, gateway, now }),
    record: (request: RecordedRequest) => void requests.push(request),
  }
  const handle = createHandler(parts)
  const { certPem, keyPem } = await authority.issue({ commonName: 'kubernetes' })
  const server = createServer(
    {
      cert: certPem,
      key: keyPem,
      ca: authority.certPem,
      requestCert: true,
      rejectUnauthorized: false,
      // A client must not find its idle connection closed just when it sends a request.
      keepAliveTimeout: 10 * 60 * 1000,
    },
    (request, response) => void handle(request, response),
  )
  if (options.folder !== undefined) {
    const upgrade = createUpgradeHandler({ ...parts, folder: options.folder })
    server.on('upgrade', (request, socket) => void upgrade(request, socket))
  }
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await listen(server)

  return {
    url: `https://127.0.0.1:${port}`,
    certificateAuthorityPem: authority.certPem,
    requests,
    writeLog(namespace, name, line) {
      const type = resourceTypes.find(({ kind }) => kind === 'Pod')
      const pod = type && cluster.store.get(type, namespace, name)
      const [container] = pod ? containerNames(pod) : []
      if (!pod || container === undefined) throw new Error(`there is no pod ${namespace}/${name}`)
      cluster.logs.append(pod, container, line)
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** @returns the port */
async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
