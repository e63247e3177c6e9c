import { existsSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, programs, sharedCluster } from '../../cluster/index.ts'
import { textAt } from '../../world/api/json.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { type KubectlResult, type KubectlRun, startKubectl } from '../kubectl-run.ts'
import { type GatewayBefore, gatewayBefore } from './gateway-before.ts'

/** The newest kubectl that the suite was given. */
const kubectl = newestKubectl()

function newestKubectl(): string | undefined {
  const folder = process.env.KUBECTL_VERSIONS ?? ''
  const version = existsSync(folder) ? readdirSync(folder).sort().at(-1) : undefined
  return version === undefined ? process.env.KUBECTL : join(folder, version, 'kubectl')
}

const endings: (() => void | Promise<void>)[] = []
let cluster: Cluster
let gateway: GatewayBefore
let namespace: string

const objects = `
apiVersion: v1
kind: Pod
metadata: {name: hello}
spec: {containers: [{name: hello, image: hello, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: hello}
spec: {ports: [{port: 80}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: services-reader}
rules: [{apiGroups: [""], resources: [services], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: services-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: services-reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: john}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: admins}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: cluster-admins}]
`

/** Somebody who is signed in at the gateway, with kubectl. */
async function userOf(
  username: string,
  groups: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
) {
  const home = temporaryFolder()
  const kubeconfig = await gateway.signedIn({ preferred_username: username, groups, ...more })
  const environment = { HOME: home, KUBECONFIG: kubeconfig }
  const start = (args: string): KubectlRun =>
    startKubectl({
      program: kubectl ?? 'kubectl',
      args: ['-n', namespace, ...args.split(' ')],
      environment,
    })
  return { start, run: async (args: string): Promise<KubectlResult> => await start(args).ended }
}

describe.skipIf(!programs || !kubectl)('a gateway with a real API server behind it', () => {
  beforeAll(async () => {
    cluster = await sharedCluster()
    namespace = await cluster.newNamespace()
    await cluster.apply(objects, namespace)
    gateway = await gatewayBefore(cluster, (stop) => void endings.push(stop))
    const pod = `/api/v1/namespaces/${namespace}/pods/hello`
    await eventually(async () => textAt(await cluster.api.get(pod), 'status.phase') === 'Running')
  })

  afterAll(async () => {
    for (const stop of endings.reverse()) await stop()
  })

  test('John sees services, is forbidden pods, and is named in both audit logs', async () => {
    const john = await userOf('john', ['developers'])
    expect(await john.run('get services -o name')).toMatchObject({
      exitCode: 0,
      stdout: 'service/hello\n',
    })
    expect((await john.run('get pods')).stderr).toBe(
      `Error from server (Forbidden): pods is forbidden: User "john" cannot list resource "pods" in API group "" in the namespace "${namespace}"\n`,
    )
    expect((await john.run('get services --as=jane')).stderr).toMatch(/\(Forbidden\)/)
    const path = `/api/v1/namespaces/${namespace}/pods?limit=500`
    const [event] = await cluster.auditEvents({
      isWanted: (each) => textAt(each, 'requestURI') === path,
    })
    expect(event).toMatchObject({
      user: { username: expect.stringMatching(/^oidc-gateway:/) },
      impersonatedUser: { username: 'john', groups: ['developers', 'system:authenticated'] },
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
    })
    const line = gateway
      .stdout()
      .split('\n')
      .find((each) => each.includes(textAt(event, 'auditID')))
    expect(JSON.parse(line ?? '{}')).toMatchObject({ user: { username: 'john' } })
  })

  test('Mallory, whom the provider calls john and puts into system:masters, is neither', async () => {
    const mallory = await userOf('mallory', ['system:masters'], { given_name: 'john' })
    // Of a refusal while it looks for the names of resources, kubectl shows no reason.
    const path = `/api/v1/namespaces/${namespace}/services`
    const { exitCode, stdout, stderr } = await mallory.run(`get --raw=${path}`)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain('reserved for the cluster')

    const nobody = await userOf('mallory', [], { given_name: 'john' })
    expect((await nobody.run('get services')).stderr).toContain('User "mallory" cannot list')
  })

  test('the API server itself keeps system:masters from the gateway', async () => {
    const kubeconfig = cluster.kubeconfig({ certificate: gateway.client })
    const environment = { HOME: temporaryFolder(), KUBECONFIG: kubeconfig }
    const program = kubectl ?? 'kubectl'
    const args = ['get', '--raw=/version', '--as=john']
    expect(await startKubectl({ program, args, environment }).ended).toMatchObject({ exitCode: 0 })
    const more = [...args, '--as-group=system:masters']
    const refused = await startKubectl({ program, args: more, environment }).ended
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(refused.stderr).toMatch(/cannot impersonate/)
  })

  test('Jane watches, follows a log, runs a command, attaches and forwards a port', async () => {
    const jane = await userOf('jane', ['cluster-admins'])
    const watch = jane.start('get configmaps --watch --output-watch-events -o name')
    await watch.printed(/kube-root-ca/)
    expect((await jane.run('create configmap seen')).exitCode).toBe(0)
    await watch.printed(/configmap\/seen/)

    const log = jane.start('logs -f hello')
    await log.printed(/ready/)
    const attached = jane.start('attach hello')
    // Who is attached sees what is written from now on, and does not say when that is.
    await eventually(async () => {
      cluster.writeLog('a line of its own')
      return attached.stdout().includes('a line of its own')
    })
    await log.printed(/a line of its own/)

    expect(await jane.run('exec hello -- echo out')).toMatchObject({ exitCode: 0, stdout: 'out\n' })

    const forward = jane.start('port-forward pod/hello :80')
    const [, port] = await forward.printed(/127\.0\.0\.1:(\d+)/)
    expect(await hello(Number(port))).toBe('hello from the pod\n')
  })
})

async function hello(port: number): Promise<string> {
  return await new Promise((done, fail) => {
    const outgoing = request({ host: '127.0.0.1', port, agent: false })
    outgoing.once('error', fail)
    outgoing.once('response', (response) => text(response).then(done, fail))
    outgoing.end()
  })
}
