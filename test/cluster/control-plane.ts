import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Signal } from '../e2e/bound-process.ts'
import { createAuthority } from '../world/certificates.ts'
import { type ApiServer, apiServerIn } from './api-server.ts'
import { type Cluster, clusterAt, furnished } from './cluster.ts'
import { startControllers } from './controllers.ts'
import { writeCredentials } from './credentials.ts'
import { type Etcd, etcdIn } from './etcd.ts'
import { fakeNodeAnnotation, startKwok } from './fake-nodes.ts'
import { createNode } from './nodes.ts'
import { quietPort } from './quiet-port.ts'

/** How a cluster is to be. */
export interface ControlPlaneOptions {
  /** An `AuthenticationConfiguration` (`apiserver.config.k8s.io/v1`) as YAML. */
  readonly authenticationConfig?: string
  /** Whether Deployments, service accounts, certificate requests and the like are looked after; so by default. */
  readonly controllers?: boolean
  /** Whether there is a node `fake` whose pods are played by kwok; so by default. */
  readonly fakeNode?: boolean
  /** More flags of kube-apiserver. */
  readonly flags?: readonly string[]
}

/** A cluster of one's own, whose parts can be taken away. */
export interface ControlPlane extends Cluster {
  /** Stops the API server as a rollout does. */
  stopApiServer(): Promise<void>
  /** Starts it again at the same address, and waits until it is ready. */
  startApiServer(): Promise<void>
  restartApiServer(): Promise<void>
  /** Halts it (STOP), so that it takes connections and says nothing, lets it go on (CONT), or kills it. */
  signalApiServer(signal: Signal): void
  /** Stops etcd. What it holds stays. */
  stopEtcd(): Promise<void>
  startEtcd(): Promise<void>
  signalEtcd(signal: Signal): void
  /** Ends everything and removes its files. */
  stop(): Promise<void>
}

/** What ends in the reverse order of its start. */
type Ending = () => Promise<void>

/** Starts a cluster on free ports of 127.0.0.1 and waits until it can be used. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oidc-login-cluster-')))
  const endings: Ending[] = [
    async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  ]
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end()
  }
  try {
    return { ...(await startParts(folder, options, endings)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startParts(
  folder: string,
  options: ControlPlaneOptions,
  endings: Ending[],
): Promise<Omit<ControlPlane, 'stop'>> {
  const { controllers: hasControllers = true, fakeNode = true } = options
  const port = await quietPort()
  const server = `https://127.0.0.1:${port}`
  await writeCredentials(folder, await createAuthority('Kubernetes'), server)
  const cluster = clusterAt({ server, folder, hasControllers })
  const etcd = await etcdIn(folder)
  const apiServer = apiServerIn({
    ...options,
    folder,
    port,
    etcd: etcd.url,
    needsServiceAccounts: hasControllers,
    isReady: async () => await cluster.api.isReady(),
  })
  endings.push(etcd.stop)
  await etcd.start()
  endings.push(apiServer.stop)
  await apiServer.start()
  if (hasControllers) {
    const services = startControllers(folder)
    endings.push(async () => void (await Promise.all(services.map(({ stop }) => stop()))))
  }
  if (fakeNode) await startFakeNode(cluster, endings)
  if (hasControllers) await furnished(cluster.api, 'default')
  return { ...cluster, ...switches(apiServer, etcd) }
}

function switches(apiServer: ApiServer, etcd: Etcd) {
  return {
    stopApiServer: apiServer.stop,
    startApiServer: apiServer.start,
    signalApiServer: apiServer.send,
    async restartApiServer() {
      await apiServer.stop()
      await apiServer.start()
    },
    stopEtcd: etcd.stop,
    startEtcd: etcd.start,
    signalEtcd: etcd.send,
  }
}

async function startFakeNode({ folder, api }: Cluster, endings: Ending[]): Promise<void> {
  const kubeletPort = await quietPort()
  const target = await startTarget()
  const { port: targetPort } = target.address() as AddressInfo
  const kwok = startKwok(folder, { kubeletPort, targetPort })
  endings.push(async () => {
    target.closeAllConnections()
    target.close()
    await kwok.stop()
  })
  await createNode(api, { name: 'fake', kubeletPort, annotations: fakeNodeAnnotation })
}

/** What answers at the ports of fake pods. */
async function startTarget(): Promise<Server> {
  const target = createServer((_, response) => response.end('hello from the pod\n'))
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done))
  return target
}
