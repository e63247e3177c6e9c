import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type Cluster, programs, sharedCluster } from '../../cluster/index.ts'
import { writeAtomically } from '../../cluster/kubelet/atomic-folder.ts'
import { textAt } from '../../world/api/json.ts'
import type { ApiAddress, TestRequest } from '../../world/api/test-client.ts'
import { startTestIssuer, type TestIssuer } from '../../world/api/test-issuer.ts'
import { type Authority, createAuthority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import type { AtEnd } from '../../world/gateway/at-end.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'
import {
  gatewayPath,
  type ServingGateway,
  startGatewayProgram,
} from '../../world/gateway/program.ts'

/** What a gateway needs in a cluster, without a gateway: each test runs its own. */
export interface Installed {
  readonly cluster: Cluster
  /** Where the gateway's ServiceAccount is, and where John may do everything. */
  readonly namespace: string
  /** Vouches for the gateways and for the issuer. */
  readonly authority: Authority
  readonly issuer: TestIssuer
  /** Name of the ClusterRoleBinding without which the gateway may not impersonate. */
  readonly bindingName: string
  /** A new token of the gateway's ServiceAccount, as kubelet asks for it. */
  newToken(): Promise<string>
  /** Runs the built gateway; it is gone when the running test ends. */
  serve(options?: ServeOptions): Promise<RunningGateway>
  /**
   * John, who shows an ID token to a gateway, and a certificate to the API server itself.
   *
   * @param port of a gateway, or of what stands before several
   */
  john(port?: number): Promise<Way>
}

/** How a gateway is to be. */
export interface ServeOptions {
  /** More fields of the GatewayConfiguration, as YAML. */
  readonly more?: string
  /** Value of `operations`, beside its addresses, as fields in YAML's flow style. */
  readonly operations?: string
}

/** A gateway before the cluster. */
export interface RunningGateway extends ServingGateway {
  /** Puts another token in the place of its own, as kubelet does. */
  renewToken(token: string): void
}

/** A way to the API server, and who goes it. */
export interface Way {
  readonly api: ApiAddress
  /** What each request carries. */
  readonly credential: Pick<TestRequest, 'token' | 'certificate'>
  /** Path of a kubeconfig for the same. */
  readonly kubeconfig: string
}

const tlsFiles = 'certFile: tls.crt, keyFile: tls.key'
/** Whether somebody may act as another is a question to the API server, which may fail to answer. */
const nested = 'impersonation: {nested: review}'

const user = { name: 'john', groups: ['developers'] }

/**
 * Installs what is needed in the shared cluster for the tests of a file, and takes it away after the last one.
 *
 * @returns what there is; only while tests run
 */
export function installedForFile(): () => Installed {
  const endings: Parameters<AtEnd>[0][] = []
  let installed: Installed | undefined
  beforeAll(async () => {
    if (!programs) return
    installed = await install(await sharedCluster(), (end) => void endings.push(end))
  })
  afterAll(async () => {
    for (const end of endings.reverse()) await end()
  })
  return () => {
    if (installed === undefined) throw new Error('there is no cluster')
    return installed
  }
}

/**
 * Installs what is needed.
 *
 * @param atEnd takes what is to be done when the last test that uses it has ended
 */
export async function install(cluster: Cluster, atEnd: AtEnd): Promise<Installed> {
  const namespace = await cluster.newNamespace()
  const authority = await createAuthority()
  const issuer = await startTestIssuer(authority)
  atEnd(issuer.stop)
  const serving = await authority.issue({ commonName: 'gateway' })
  await cluster.apply(objects, namespace)
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/oidc-gateway`
  const spec = { expirationSeconds: 3600 }
  const newToken = async (): Promise<string> =>
    textAt(await cluster.api.create(`${account}/token`, { spec }), 'status.token')

  const authentication = authenticationYaml({
    issuer: issuer.issuer,
    certPem: authority.certPem,
  })
  const urlOf = (port: number): ApiAddress => ({
    url: `https://localhost:${port}`,
    certificateAuthorityPem: authority.certPem,
  })

  /** @returns its path */
  function writeConfiguration(folder: string, fields: string): string {
    const path = join(folder, 'gateway.yaml')
    const kind = 'apiVersion: oidc-gateway/v1alpha1\nkind: GatewayConfiguration'
    writeFileSync(path, `${kind}\n${fields}\n---\n${authentication}`)
    writeFileSync(join(folder, 'tls.crt'), serving.certPem)
    writeFileSync(join(folder, 'tls.key'), serving.keyPem)
    return path
  }

  const bindingName = await grant(
    cluster,
    namespace,
    writeConfiguration(temporaryFolder(atEnd), `listen: {${tlsFiles}}\n${nested}`),
  )
  return {
    cluster,
    namespace,
    authority,
    issuer,
    bindingName,
    newToken,
    async serve(options = {}) {
      const { more = '', operations = 'drainDelay: 0s' } = options
      const folder = temporaryFolder()
      const mount = (token: string): void =>
        writeAtomically(
          join(folder, 'kubernetes'),
          new Map([
            ['token', Buffer.from(token)],
            ['ca.crt', Buffer.from(cluster.caPem)],
          ]),
        )
      mount(await newToken())
      const config = writeConfiguration(
        folder,
        `listen: {host: 127.0.0.1, port: 0, ${tlsFiles}}
upstream: {server: "${cluster.server}", caFile: kubernetes/ca.crt, tokenFile: kubernetes/token}
operations: {host: 127.0.0.1, port: 0, ${operations}}
${nested}
${more}`,
      )
      const run = startGatewayProgram(['serve', `--config=${config}`])
      const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
      const { port, operationsPort } = JSON.parse(line)
      return {
        ...run,
        port,
        operationsPort,
        renewToken: mount,
      }
    },
    async john(port) {
      if (port !== undefined) {
        const claims = { preferred_username: user.name, groups: user.groups }
        const token = await issuer.sign({ ...claims, exp: Math.floor(Date.now() / 1000) + 3600 })
        const api = urlOf(port)
        const access = { server: api.url, caPem: authority.certPem, token, namespace }
        return { api, credential: { token }, kubeconfig: cluster.kubeconfig(access) }
      }
      const certificate = await cluster.certify(user)
      return {
        api: { url: cluster.server, certificateAuthorityPem: cluster.caPem },
        credential: { certificate },
        kubeconfig: cluster.kubeconfig({ certificate, namespace }),
      }
    },
  }
}

const objects = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: oidc-gateway}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: everything}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: everything}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: everything}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ${user.name}}]
---
apiVersion: v1
kind: Pod
metadata: {name: hello}
spec: {nodeName: fake, containers: [{name: hello, image: hello}]}
`

/** Grants what the built program says that it needs, by objects of a name of its own. @returns that name */
async function grant(cluster: Cluster, namespace: string, config: string): Promise<string> {
  const args = ['manifests', `--config=${config}`, `--namespace=${namespace}`, '--image=none']
  const { status, stdout, stderr } = spawnSync(process.execPath, [gatewayPath, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const granting = parseAllDocuments(stdout).filter((document) =>
    String(document.get('kind')).startsWith('ClusterRole'),
  )
  await cluster.apply(granting.map(String).join('---\n'))
  return String(granting[0]?.getIn(['metadata', 'name']))
}
