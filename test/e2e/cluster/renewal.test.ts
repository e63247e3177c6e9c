import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request as startRequest } from 'node:https'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { type Cluster, programs, sharedCluster } from '../../cluster/index.ts'
import { type Json, textAt, valueAt } from '../../world/api/json.ts'
import { startTestIssuer } from '../../world/api/test-issuer.ts'
import { type Authority, authorityOf, createAuthority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { type GatewayRun, startGatewayProgram } from '../../world/gateway/program.ts'

const run = promisify(execFile)
const minuteMs = 60_000

/** A gateway in front of a real API server, with a client certificate that is due for renewal. */
interface RenewingGateway extends GatewayRun {
  readonly cluster: Cluster
  readonly namespace: string
  readonly configFile: string
  /** The user that it is. */
  readonly username: string
  /** Fingerprint of its first certificate, as the API server writes it. */
  readonly firstCredential: string
  /** Fingerprint of what the Secret holds, likewise. */
  storedCredential(): Promise<string>
  readonly port: number
  readonly authority: Authority
  readonly token: string
}

async function renewingGateway(renewal: string): Promise<RenewingGateway> {
  const cluster = await sharedCluster()
  const namespace = await cluster.newNamespace()
  const username = `oidc-gateway:${namespace}:oidc-gateway`
  const folder = temporaryFolder()
  const path = (name: string): string => join(folder, name)
  const authority = await createAuthority()
  const issuer = await startTestIssuer(authority)
  onTestFinished(async () => await issuer.stop())
  const serving = await authority.issue({ commonName: 'gateway' })
  // It has lasted for an hour and has ten minutes left: two thirds are over.
  const first = await (await clusterAuthority(cluster)).issue({
    commonName: username,
    client: true,
    notAfter: new Date(Date.now() + 10 * minuteMs),
  })
  const files = {
    'ca.crt': cluster.caPem,
    'tls.crt': serving.certPem,
    'tls.key': serving.keyPem,
    'client.crt': first.certPem,
    'client.key': first.keyPem,
    'gateway.yaml': `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: 0, certFile: tls.crt, keyFile: tls.key}
upstream:
  server: ${cluster.server}
  caFile: ca.crt
  certFile: client.crt
  keyFile: client.key
  renewal: {secret: ${namespace}/oidc-gateway-credential, ${renewal}}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s, drainTimeout: 5s}
---
${authenticationYaml({ issuer: issuer.issuer, certPem: authority.certPem, claimMappings: '{username: {claim: sub, prefix: "oidc:"}}' })}`,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text)
  const configFile = path('gateway.yaml')
  // A pod listens where others reach it.
  writeFileSync(
    path('pod.yaml'),
    files['gateway.yaml'].replaceAll('host: 127.0.0.1, port: 0, ', ''),
  )
  await cluster.apply(await installed(path('pod.yaml'), namespace))
  await cluster.apply(furniture(first), namespace)
  const gateway = startGatewayProgram(['serve', `--config=${configFile}`])
  const [line] = await gateway.said(/^\{.*The gateway listens\..*$/m)
  return {
    ...gateway,
    cluster,
    namespace,
    configFile,
    username,
    firstCredential: fingerprint(first.certPem),
    async storedCredential() {
      const secret = await cluster.api.get(
        `/api/v1/namespaces/${namespace}/secrets/oidc-gateway-credential`,
      )
      return fingerprint(
        Buffer.from(String(Object(valueAt(secret, 'data'))['tls.crt']), 'base64').toString(),
      )
    },
    port: Number(Object(JSON.parse(line)).port),
    authority,
    token: await issuer.sign({ sub: 'john' }),
  }
}

async function clusterAuthority({ folder, caPem }: Cluster): Promise<Authority> {
  return await authorityOf({ certPem: caPem, keyPem: readFileSync(join(folder, 'ca.key'), 'utf8') })
}

/** The rights that `manifests` gives to a gateway with this configuration, and nothing else of it. */
async function installed(configFile: string, namespace: string): Promise<string> {
  const { ended, stdout, stderr } = startGatewayProgram([
    'manifests',
    `--config=${configFile}`,
    `--namespace=${namespace}`,
    '--credential=certificate',
    '--image=unused',
  ])
  expect((await ended).exitCode, stderr()).toBe(0)
  const objects = parseAllDocuments(stdout()).map((document) => Object(document.toJS()))
  const rights = objects.filter(({ kind }) => /Role(?:Binding)?$/.test(String(kind)))
  expect(rights).toHaveLength(6)
  return rights.map((object) => stringify(object)).join('---\n')
}

/** The Secret as it is installed, and what John may do. */
function furniture(first: { readonly certPem: string; readonly keyPem: string }): string {
  const coded = (text: string): string => Buffer.from(text).toString('base64')
  return `apiVersion: v1
kind: Secret
metadata: {name: oidc-gateway-credential, labels: {installed: by-somebody}}
type: kubernetes.io/tls
data: {tls.crt: ${coded(first.certPem)}, tls.key: ${coded(first.keyPem)}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: john}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: john}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: john}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "oidc:john"}]
`
}

/** As kube-apiserver writes which certificate a user has shown. */
function fingerprint(pem: string): string {
  return `X509SHA256=${new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()}`
}

describe.skipIf(!programs)('the certificate of a gateway', () => {
  test('is renewed by the signer of the cluster while requests and a watch run', async () => {
    const gateway = await renewingGateway('validity: 24h')
    const { cluster, namespace, firstCredential } = gateway
    const [, request = ''] = await gateway.said(/kubectl certificate approve (oidc-gateway-\w+)"/)
    const load = await startLoad(gateway)
    const watch = await startWatch(gateway)
    await load.answered(100)

    // Doctor says what is awaited, and that the rights are all that is needed and no more.
    const doctor = startGatewayProgram(['doctor', `--config=${gateway.configFile}`])
    await doctor.ended
    expect(doctor.stdout()).toMatch(/^ok +rights /m)
    expect(doctor.stdout()).toMatch(/^ok +surplus-rights /m)
    expect(doctor.stdout()).toMatch(/^warning +renewal /m)
    expect(doctor.stdout()).toContain(`kubectl certificate approve ${request}`)

    await approve(cluster, request)
    await gateway.said(/The client certificate was renewed and is in use/)
    await load.answered(200)
    expect(await load.stop()).toEqual([200])
    const renewed = await gateway.storedCredential()
    expect(renewed).not.toBe(firstCredential)

    // The API server itself tells which certificate it was shown, before and after.
    const events = await cluster.auditEvents({
      isWanted: (event) => isJohnAt(event, namespace) && credentialOf(event) === renewed,
    })
    expect(events[0]).toMatchObject({ user: { username: gateway.username } })
    const before = await cluster.auditEvents({
      isWanted: (event) => isJohnAt(event, namespace) && credentialOf(event) === firstCredential,
    })
    expect(before.length).toBeGreaterThan(0)

    // The watch was opened with the old certificate, and goes on.
    await cluster.apply(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: after-renewal}\n',
      namespace,
    )
    await eventually(async () => watch.text().includes('after-renewal'))

    // What others have put into the Secret stays theirs.
    const secret = await cluster.api.get(
      `/api/v1/namespaces/${namespace}/secrets/oidc-gateway-credential`,
    )
    expect(secret).toMatchObject({
      type: 'kubernetes.io/tls',
      metadata: {
        labels: { installed: 'by-somebody' },
        annotations: { 'oidc-gateway/signing-request': request },
      },
    })
  })

  test('is renewed without anybody where the gateway may approve by itself', async () => {
    const gateway = await renewingGateway('validity: 10m, approval: self')
    await gateway.said(/The client certificate was renewed and is in use/)
    expect(await gateway.storedCredential()).not.toBe(gateway.firstCredential)
    const load = await startLoad(gateway)
    await load.answered(20)
    expect(await load.stop()).toEqual([200])
    expect(gateway.stderr()).not.toContain('kubectl certificate approve')
  })

  test('is not renewed by a request that is denied; one approval is enough for all replicas', async () => {
    const gateway = await renewingGateway('validity: 10m')
    const [, request = ''] = await gateway.said(/kubectl certificate approve (oidc-gateway-\w+)"/)
    await kubectl(gateway.cluster, 'certificate', 'deny', request)
    await gateway.said(new RegExp(`The request ${request} was denied`))
    expect(await gateway.storedCredential()).toBe(gateway.firstCredential)
    const replica = startGatewayProgram(['serve', `--config=${gateway.configFile}`])
    const [, another = ''] = await replica.said(/kubectl certificate approve (oidc-gateway-\w+)"/)
    await kubectl(gateway.cluster, 'certificate', 'approve', another)
    await replica.said(/The client certificate was renewed and is in use/)
    await gateway.said(/was renewed by another replica, and is in use/)
    const load = await startLoad(gateway)
    await load.answered(20)
    expect(await load.stop()).toEqual([200])
  })
})

function isJohnAt(event: Json, namespace: string): boolean {
  return (
    textAt(event, 'impersonatedUser.username') === 'oidc:john' &&
    textAt(event, 'objectRef.namespace') === namespace
  )
}

function credentialOf(event: Json): string {
  const ids = Object(valueAt(event, 'user.extra'))['authentication.kubernetes.io/credential-id']
  return Array.isArray(ids) ? String(ids[0]) : ''
}

async function approve(cluster: Cluster, request: string): Promise<void> {
  await kubectl(cluster, 'certificate', 'approve', request)
}

async function kubectl({ adminKubeconfig }: Cluster, ...args: readonly string[]): Promise<void> {
  await run(process.env.KUBECTL ?? 'kubectl', args, {
    env: { ...process.env, KUBECONFIG: adminKubeconfig },
  })
}

interface Target {
  readonly port: number
  readonly authority: Authority
  readonly token: string
  readonly namespace: string
}

function optionsOf({ port, authority, token, namespace }: Target, query = '') {
  return {
    host: '127.0.0.1',
    port,
    path: `/api/v1/namespaces/${namespace}/configmaps${query}`,
    ca: authority.certPem,
    headers: { authorization: `Bearer ${token}` },
  }
}

/** Twenty who ask without a pause, half of them over a new connection each time. */
async function startLoad(target: Target) {
  let count = 0
  let isOver = false
  const statuses = new Set<number>()
  const ask = async (agent: Agent | false): Promise<void> => {
    const status = await new Promise<number>((resolve) => {
      startRequest({ ...optionsOf(target), agent }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
        response.once('error', () => resolve(-1))
      })
        .once('error', () => resolve(-2))
        .end()
    })
    statuses.add(status)
    count += 1
  }
  const loops = Array.from({ length: 20 }, async (_, index) => {
    const agent = index % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : false
    while (!isOver) await ask(agent)
    if (agent) agent.destroy()
  })
  onTestFinished(() => {
    isOver = true
  })
  return {
    /** Waits until so many more have been answered. */
    async answered(more: number): Promise<void> {
      const until = count + more
      await eventually(async () => count >= until)
    },
    /** @returns every status that there was; negative for none */
    async stop(): Promise<number[]> {
      isOver = true
      await Promise.all(loops)
      return [...statuses]
    },
  }
}

async function startWatch(target: Target): Promise<{ text(): string }> {
  let text = ''
  await new Promise<void>((resolve, reject) => {
    const request = startRequest({ ...optionsOf(target, '?watch=1'), agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        resolve()
      })
      response.once('error', () => undefined)
    })
    request.once('error', reject).end()
    onTestFinished(() => void request.destroy())
  })
  return { text: () => text }
}
