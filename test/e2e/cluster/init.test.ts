import { randomBytes, X509Certificate } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { approved } from '../../../src/gateway/certificate/index.ts'
import { type Cluster, programs, sharedCluster, startControlPlane } from '../../cluster/index.ts'
import { send } from '../../world/api/test-client.ts'
import { createAuthority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { type GatewayRun, startGatewayProgram } from '../../world/gateway/program.ts'

/** An operator before a cluster, with a gateway to install in a namespace of its own. */
interface Site {
  readonly namespace: string
  readonly folder: string
  /** Starts `init`, as the administrator unless a kubeconfig is given. */
  start(args: readonly string[], kubeconfig?: string): GatewayRun
  /** Runs it to its end. */
  init(args: readonly string[], kubeconfig?: string): Promise<Outcome>
}

interface Outcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

async function siteBefore(cluster: Cluster): Promise<Site> {
  const folder = temporaryFolder()
  const namespace = `gateway-${randomBytes(4).toString('hex')}`
  const file = (name: string): string => join(folder, name)
  writeFileSync(file('gateway.yaml'), configuration)
  const { certPem, keyPem } = await (await createAuthority()).issue({ commonName: 'gateway' })
  writeFileSync(file('tls.crt'), certPem)
  writeFileSync(file('tls.key'), keyPem)
  const start: Site['start'] = (args, kubeconfig = cluster.adminKubeconfig) =>
    startGatewayProgram([
      'init',
      `--config=${file('gateway.yaml')}`,
      '--image=registry.example.com/oidc-gateway:1',
      `--namespace=${namespace}`,
      `--kubeconfig=${kubeconfig}`,
      `--tls-cert=${file('tls.crt')}`,
      `--tls-key=${file('tls.key')}`,
      '--timeout=60s',
      ...args,
    ])
  return {
    namespace,
    folder,
    start,
    init: async (...given) => await ended(start(...given)),
  }
}

async function ended(run: GatewayRun): Promise<Outcome> {
  const { exitCode } = await run.ended
  return { exitCode, stdout: run.stdout(), stderr: run.stderr() }
}

const configuration = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: tls.crt, keyFile: tls.key}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "https://sso.example.com", audiences: [kubernetes]}
  claimMappings:
    username: {claim: sub, prefix: "oidc:"}
    groups: {claim: groups, prefix: "oidc:"}
    uid: {claim: sub}
    extra: [{key: example.com/tenant, valueExpression: claims.tenant}]
`

function expectDone({ exitCode, stdout, stderr }: Outcome): void {
  expect(exitCode, `${stderr}\n${stdout}`).toBe(0)
}

const rbac = '/apis/rbac.authorization.k8s.io/v1'

/** Everything of an installation by its path, with the version that changes with each change. */
async function versions(cluster: Cluster, namespace: string): Promise<Record<string, string>> {
  const inside = `/namespaces/${namespace}`
  const collections = [
    `${rbac}/clusterroles`,
    `${rbac}/clusterrolebindings`,
    `${rbac}${inside}/roles`,
    `${rbac}${inside}/rolebindings`,
    '/api/v1/namespaces',
    ...['serviceaccounts', 'configmaps', 'secrets', 'services'].map(
      (one) => `/api/v1${inside}/${one}`,
    ),
    `/apis/policy/v1${inside}/poddisruptionbudgets`,
    `/apis/networking.k8s.io/v1${inside}/networkpolicies`,
    `/apis/autoscaling/v2${inside}/horizontalpodautoscalers`,
  ]
  const found: Record<string, string> = {}
  for (const path of collections) {
    const { items } = Object(await cluster.api.get(path))
    for (const { metadata } of items) {
      const isOurs = path.includes(inside) || metadata.name.includes(namespace)
      if (isOurs) found[`${path}/${metadata.name}`] = metadata.resourceVersion
    }
  }
  return found
}

async function rulesOf(cluster: Cluster, { namespace }: Site): Promise<string> {
  const { rules } = Object(await cluster.api.get(`${rbac}/clusterroles/oidc-gateway:${namespace}`))
  return JSON.stringify(rules)
}

describe.skipIf(!programs)('init on a real cluster', () => {
  test('installs a gateway, leaves it alone, changes its credential and its rights, and takes all away', async () => {
    const cluster = await sharedCluster()
    const site = await siteBefore(cluster)
    const { namespace, init } = site
    const before = await versions(cluster, namespace)

    const first = await init(['--apply'])
    expectDone(first)
    expect(first.stderr).toMatch(/^mode {7}constrained impersonation$/m)
    expect(first.stderr).toMatch(/^ready {6}Deployment .*: 1 of 1 pods are ready$/m)
    expect(first.stdout).toMatch(
      /^ok +rights +All that is needed, by constrained impersonation\.$/m,
    )
    expect(first.stdout).toMatch(/^ok +surplus-rights +It may impersonate, and nothing else\.$/m)
    expect(first.stdout).toMatch(/^ok +impersonation /m)

    const installed = await versions(cluster, namespace)
    const second = await init(['--apply'])
    expectDone(second)
    expect(second.stderr).not.toMatch(/^(created|changed|removed)/m)
    expect(await versions(cluster, namespace)).toEqual(installed)

    const certified = await init(['--apply', '--credential=certificate'])
    expectDone(certified)
    expect(certified.stdout).toMatch(
      new RegExp(`^ok +api-server .*"oidc-gateway:${namespace}:oidc-gateway"\\.$`, 'm'),
    )
    expect(certified.stdout).toMatch(/ 0 warnings, 0 failed/)
    const again = await init(['--apply', '--credential=certificate'])
    expectDone(again)
    expect(again.stderr).not.toMatch(/^(created|changed|removed|issued)/m)

    const classic = await init(['--apply', '--impersonation=classic'])
    expectDone(classic)
    expect(classic.stderr).toMatch(/^removed {4}Secret .*\/oidc-gateway-credential$/m)
    expect(await rulesOf(cluster, site)).not.toMatch(/user-info/)
    const constrained = await init(['--apply'])
    expectDone(constrained)
    expect(constrained.stdout).toMatch(/^ok +leftover-rights /m)
    expect(await rulesOf(cluster, site)).not.toMatch(/"impersonate"/)

    const plan = await init(['--uninstall'])
    expect(plan.stdout).toMatch(/^Nothing was changed\./m)
    expect(await versions(cluster, namespace)).not.toEqual(before)
    const uninstalled = await init(['--uninstall', '--apply'])
    expectDone(uninstalled)
    expect(uninstalled.stderr).toMatch(/^removed {4}ClusterRoleBinding /m)
    expect(await versions(cluster, namespace)).toEqual(before)
  })

  test('tells an operator the rules that he lacks, which are enough', async () => {
    const cluster = await sharedCluster()
    const { namespace, init } = await siteBefore(cluster)
    const operator = `operator-${namespace}`
    const kubeconfig = await cluster.asUser({ name: operator })
    for (let round = 1; ; round += 1) {
      const run = await init(['--apply'], kubeconfig)
      if (run.exitCode === 0) break
      expect(run.stderr).toMatch(
        /^error: You lack \d+ rights that this needs\. Nothing was changed/m,
      )
      expect(round).toBeLessThan(3)
      await cluster.apply(granted(`${operator}-${round}`, operator, rulesIn(run.stderr)))
    }
  })

  test('waits until somebody else approves, and writes a certificate for a gateway elsewhere', async () => {
    const cluster = await sharedCluster()
    const { namespace, folder, start, init } = await siteBefore(cluster)
    const out = join(folder, 'credential')
    const args = [`--credential-out=${out}`, '--credential=certificate', '--apply']
    const run = start([...args, '--no-approve'])
    const [, name] = await run.said(/kubectl certificate approve (\S+)$/m)
    const path = `/apis/certificates.k8s.io/v1/certificatesigningrequests/${name}`
    const request = Object(await cluster.api.get(path))
    await cluster.api.update(`${path}/approval`, approved(request, 'ByHand', 'It is wanted.'))
    const done = await ended(run)
    expectDone(done)
    expect(await cluster.api.exists(path)).toBe(false)
    expect(`${done.stdout}${done.stderr}`).not.toMatch(/PRIVATE KEY/)
    expect(statSync(join(out, 'tls.key')).mode & 0o777).toBe(0o600)
    const { subject } = new X509Certificate(readFileSync(join(out, 'tls.crt')))
    expect(subject).toBe(`CN=oidc-gateway:${namespace}:oidc-gateway`)
    expect((await init(args)).stderr).toMatch(/^unchanged {2}the client certificate/m)
  })

  test('leaves a namespace that others have made, and what they have put into it', async () => {
    const cluster = await sharedCluster()
    const namespace = await cluster.newNamespace()
    const { init } = await siteBefore(cluster)
    const before = await versions(cluster, namespace)
    expectDone(await init([`--namespace=${namespace}`, '--apply']))
    expectDone(await init([`--namespace=${namespace}`, '--uninstall', '--apply']))
    expect(await versions(cluster, namespace)).toEqual(before)
  })
})

describe.skipIf(!programs)('init on a cluster without constrained impersonation', () => {
  test('learns it from a trial, where nobody without a name is let in, and writes a credential', async () => {
    const cluster = await startControlPlane({
      controllers: false,
      fakeNode: false,
      flags: ['--feature-gates=ConstrainedImpersonation=false', '--anonymous-auth=false'],
    })
    onTestFinished(async () => await cluster.stop())
    const site = await siteBefore(cluster)
    const run = await site.init([`--credential-out=${site.folder}/credential`, '--apply'])
    expectDone(run)
    expect(run.stderr).toMatch(/^mode {7}classic impersonation$/m)
    expect(await rulesOf(cluster, site)).not.toMatch(/user-info/)
    expect(await accounts(cluster)).toEqual([])
    const { upstream } = parse(
      readFileSync(join(site.folder, 'credential', 'upstream.yaml'), 'utf8'),
    )
    const answer = await send(
      { url: upstream.server, certificateAuthorityPem: readFileSync(upstream.caFile, 'utf8') },
      {
        method: 'GET',
        path: '/version',
        headers: {
          authorization: `Bearer ${readFileSync(upstream.tokenFile, 'utf8').trim()}`,
          'impersonate-user': 'john',
        },
      },
    )
    expect(answer.status).toBe(200)
  })
})

/** Names of the ServiceAccounts in the namespace of nobody. */
async function accounts(cluster: Cluster): Promise<readonly string[]> {
  const { items } = Object(await cluster.api.get('/api/v1/namespaces/default/serviceaccounts'))
  return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
}

/** The rules that a message lists, for the cluster and for namespaces alike. */
function rulesIn(message: string): unknown[] {
  const lines = message.split('\n').filter((line) => /^ {2}[- ] /.test(line))
  return parse(lines.join('\n'))
}

function granted(name: string, user: string, rules: unknown[]): string {
  const apiGroup = 'rbac.authorization.k8s.io'
  const apiVersion = `${apiGroup}/v1`
  return [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects: [{ apiGroup, kind: 'User', name: user }],
    },
  ]
    .map((object) => JSON.stringify(object))
    .join('\n---\n')
}
