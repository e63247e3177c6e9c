import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { ErrorCode } from '../../../src/errors.ts'
import { OidcLoginError } from '../../../src/errors.ts'
import { createAuthority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import {
  type ClusterScript,
  failure,
  kubeconfigOf,
  type OperatedCluster,
  startOperatedCluster,
} from '../../world/gateway/operated-cluster.ts'
import { type GatewayRun, startGatewayProgram } from '../../world/gateway/program.ts'
import { signRequest } from '../../world/signer.ts'

const authority = await createAuthority()

const configuration = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: tls.crt, keyFile: tls.key}
onboarding:
  {clusterName: demo, server: "https://localhost", issuer: "https://sso.example.com", clientId: k}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "https://sso.example.com", audiences: [kubernetes]}
  claimMappings: {username: {claim: sub, prefix: "oidc:"}}
`

interface Site {
  readonly folder: string
  readonly cluster: OperatedCluster
  /** Starts `init`, with what an installation always needs. */
  start(...args: string[]): GatewayRun
  /** Runs it to its end. */
  init(...args: string[]): Promise<Outcome>
}

interface Outcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

async function site(script: ClusterScript = {}): Promise<Site> {
  const folder = temporaryFolder()
  const cluster = await startOperatedCluster(authority, folder, script)
  const file = (name: string): string => join(folder, name)
  writeFileSync(file('gateway.yaml'), configuration)
  const { certPem, keyPem } = await authority.issue({ commonName: 'gateway' })
  writeFileSync(file('tls.crt'), certPem)
  writeFileSync(file('tls.key'), keyPem)
  const start = (...args: string[]): GatewayRun =>
    startGatewayProgram([
      'init',
      `--config=${file('gateway.yaml')}`,
      '--image=registry.example.com/oidc-gateway:1',
      `--kubeconfig=${cluster.kubeconfig}`,
      `--tls-cert=${file('tls.crt')}`,
      `--tls-key=${file('tls.key')}`,
      ...args,
    ])
  return { folder, cluster, start, init: async (...args) => await ended(start(...args)) }
}

async function ended(run: GatewayRun): Promise<Outcome> {
  const { exitCode } = await run.ended
  return { exitCode, stdout: run.stdout(), stderr: run.stderr() }
}

function expectError({ exitCode, stderr }: Outcome, code: ErrorCode, says: RegExp): void {
  expect(stderr.slice(stderr.indexOf('error: '))).toMatch(says)
  expect(exitCode).toBe(new OidcLoginError(code, '').exitCode)
}

/** What changed something. */
function writes({ requests }: OperatedCluster): readonly string[] {
  return requests
    .filter(({ method, query }) => method !== 'GET' && query.get('dryRun') === null)
    .map(({ method, path }) => `${method} ${path}`)
}

const requestsPath = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/oidc-gateway%3Aoidc-gateway'
const binding = role.replace('clusterroles', 'clusterrolebindings')
const secret = '/api/v1/namespaces/oidc-gateway/secrets/oidc-gateway-credential'

test('init tells what it would do and changes nothing, until it is told to', async () => {
  const { cluster, init } = await site()
  const plan = await init()
  expect(plan.exitCode, plan.stderr).toBe(0)
  expect(plan.stdout).toMatch(/^mode {7}constrained impersonation$/m)
  expect(plan.stdout).toMatch(/^create {5}Deployment oidc-gateway\/oidc-gateway$/m)
  expect(plan.stdout).toMatch(/^Nothing was changed\./m)
  expect(writes(cluster)).toEqual([])
  // A handshake for each of many questions would be most of the time before a cluster far away.
  expect(cluster.connections()).toBeLessThan(cluster.requests.length / 2)
})

test('init installs, and a second run finds nothing to change', async () => {
  const { cluster, init } = await site()
  const first = await init('--apply')
  expect(first.exitCode, first.stderr).toBe(0)
  expect(first.stderr).toMatch(/^created {4}ClusterRole oidc-gateway:oidc-gateway$/m)
  expect(first.stdout).toMatch(/^ok +impersonation +It was tried, and the API server allows it\.$/m)
  expect(first.stdout).toMatch(/kubectl oidc-login setup https:\/\/localhost$/m)
  const before = writes(cluster).length
  const second = await init('--apply')
  expect(second.exitCode, second.stderr).toBe(0)
  // A token for the checks is all that it asks for.
  expect(writes(cluster).slice(before)).toEqual([
    'POST /api/v1/namespaces/oidc-gateway/serviceaccounts/oidc-gateway/token',
  ])
  expect((await init()).stdout).toMatch(/^Everything is as it should be\.$/m)
})

test('init grants what the API server says that it looks for', async () => {
  const refusal =
    'users "x" is forbidden: User "y" cannot impersonate resource "users" in API group'
  const { cluster, init } = await site({ refusal })
  await init('--apply')
  expect(cluster.objects.get(role)).toMatchObject({
    rules: [{ apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'] }],
  })
})

test('init asks with a ServiceAccount of its own where nobody without a name is let in', async () => {
  let asked = 0
  const script: ClusterScript = {
    answer({ path, who }) {
      if (path === '/livez') return failure(401, 'Unauthorized')
      if (path !== '/version' || who !== 'gateway-token' || asked > 0) return undefined
      asked += 1
      return failure(403, 'cannot impersonate-on:user-info:get path "/version"')
    },
  }
  const { cluster, init } = await site(script)
  expect((await init()).stdout).toMatch(/^mode .* unless the API server turns out to grant it/m)
  expect(writes(cluster)).toEqual([])
  const run = await init('--apply')
  expect(run.exitCode, run.stderr).toBe(0)
  const account = /\/default\/serviceaccounts\/oidc-gateway-trial-[0-9a-f]{8}/
  expect(writes(cluster).filter((each) => account.test(each))).toEqual([
    expect.stringMatching(/^POST .*\/token$/),
    expect.stringMatching(/^DELETE /),
  ])
  expect(cluster.objects.get(role)).toMatchObject({ rules: { length: 3 } })
  const print = await init('--print')
  expectError(print, 'usage_invalid', /--impersonation=constrained/)
})

test('init prints the objects without any cluster, and no key', async () => {
  const { cluster, init } = await site()
  const run = await init('--print', '--impersonation=constrained', '--credential=certificate')
  expect(run.exitCode, run.stderr).toBe(0)
  const kinds = parseAllDocuments(run.stdout).map((document) => document.toJSON().kind)
  expect(kinds).toContain('Deployment')
  expect(kinds).not.toContain('Secret')
  expect(run.stderr).toMatch(/Secret oidc-gateway-tls, Secret oidc-gateway-credential/)
  expect(cluster.requests).toEqual([])
})

test('`rights_missing`: every right is asked for before anything is changed, and named as a rule', async () => {
  const { cluster, init } = await site({
    refused: [
      'create apps/deployments',
      'escalate rbac.authorization.k8s.io/clusterroles',
      'impersonate:user-info authentication.k8s.io/users',
      'approve certificates.k8s.io/signers',
    ],
  })
  const run = await init('--apply', '--credential=certificate')
  expectError(
    run,
    'rights_missing',
    /^error: You lack 3 rights that this needs\. Nothing was changed/,
  )
  expect(run.stderr).toMatch(/resources: \["signers"\]\n.*kube-apiserver-client.*\n.*\["approve"\]/)
  expect(run.stderr).toMatch(/resources: \["clusterroles"\]\n.*\n +verbs: \["escalate"\]/)
  expect(run.stderr).toMatch(/In a Role of the namespace "oidc-gateway":\n.*\["apps"\]/)
  expect(writes(cluster)).toEqual([])
})

test('`object_conflict`: fields of others are named with their owners, and taken only by order', async () => {
  const conflict = failure(409, 'Apply failed with 1 conflict', {
    reason: 'Conflict',
    details: {
      causes: [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "kubectl-edit" using rbac.authorization.k8s.io/v1',
          field: '.rules',
        },
      ],
    },
  })
  const { cluster, init } = await site({
    answer: ({ method, path, query }) =>
      method === 'PATCH' &&
      path === role &&
      query.get('force') === null &&
      cluster.objects.has(role)
        ? conflict
        : undefined,
  })
  await init('--apply')
  const before = writes(cluster).length
  const run = await init('--apply')
  expectError(run, 'object_conflict', /^error: ClusterRole oidc-gateway:oidc-gateway holds other/)
  expect(run.stderr).toMatch(/\.rules was set by "kubectl-edit"\n.*--force-conflicts/)
  expect(writes(cluster)).toHaveLength(before)
  expect((await init('--apply', '--force-conflicts')).exitCode).toBe(0)
})

test('`object_conflict`: what others have made under the same name is not taken over', async () => {
  const { cluster, init } = await site()
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' }
  const metadata = { name: 'oidc-gateway:oidc-gateway', uid: 'u', resourceVersion: '1', labels }
  cluster.objects.set(role, { apiVersion: 'v1', kind: 'ClusterRole', metadata })
  const run = await init('--apply')
  expectError(run, 'object_conflict', /ClusterRole oidc-gateway:oidc-gateway \(managed by Helm\)/)
  expect(writes(cluster)).toEqual([])
})

test('`object_conflict`: an identity alone is not made where a gateway is installed', async () => {
  const { cluster, init, folder } = await site()
  await init('--apply')
  const before = writes(cluster).length
  const run = await init(`--credential-out=${folder}/credential`, '--apply')
  expectError(
    run,
    'object_conflict',
    /A gateway is installed here already \(Deployment oidc-gateway/,
  )
  expect(writes(cluster)).toHaveLength(before)
})

test('`cluster_refused`: a kind that the cluster does not have is missed before anything is changed', async () => {
  const { cluster, init } = await site()
  const run = await init('--apply', '--service-monitor')
  expectError(
    run,
    'cluster_refused',
    /does not know the kind ServiceMonitor .* Nothing was changed/,
  )
  expect(writes(cluster)).toEqual([])
})

test('a classic right that comes from elsewhere is told, although init did not give it', async () => {
  const { init } = await site({ mayBeAnybody: true })
  const run = await init('--apply')
  expectError(run, 'checks_failed', /^error: One check failed/)
  expect(run.stdout).toMatch(/^FAILED +leftover-rights +.*system:masters is open again/m)
})

test('`cluster_refused`: what the API server refuses is told in its words, and the next run goes on', async () => {
  let isFull = true
  const { init } = await site({
    answer: ({ method, path }) =>
      isFull && method === 'PATCH' && path.endsWith('/configmaps/oidc-gateway')
        ? failure(403, 'exceeded quota: small')
        : undefined,
  })
  const run = await init('--apply')
  expectError(run, 'cluster_refused', /apply ConfigMap oidc-gateway\/oidc-gateway: exceeded quota/)
  isFull = false
  const again = await init('--apply')
  expect(again.exitCode, again.stderr).toBe(0)
  expect(again.stderr).toMatch(/^unchanged {2}ServiceAccount/m)
  expect(again.stderr).toMatch(/^created {4}ConfigMap/m)
})

/** Runs `init` and answers the first request that is approved, in the place of a signer. */
async function signed(
  { cluster, init }: Site,
  status: (request: string) => unknown | Promise<unknown>,
): Promise<Outcome> {
  let hasEnded = false
  const run = init('--apply', '--credential=certificate').finally(() => {
    hasEnded = true
  })
  const isApproved = ([path, object]: [string, unknown]): boolean =>
    path.startsWith(`${requestsPath}/`) && Object(object).status !== undefined
  for (let isSigned = false; !isSigned && !hasEnded; ) {
    const found = [...cluster.objects].find(isApproved)
    if (found) {
      const [path, object] = found
      const pem = Buffer.from(Object(object).spec.request, 'base64').toString('utf8')
      cluster.objects.set(path, { ...Object(object), status: await status(pem) })
      isSigned = true
    }
    await new Promise((done) => setTimeout(done, 20))
  }
  return await run
}

const approval = { type: 'Approved', status: 'True' }

test('init gets a client certificate, whose key nobody sees, and keeps it', async () => {
  const place = await site()
  const { cluster, init, folder } = place
  const run = await signed(place, async (pem) => ({
    conditions: [approval],
    certificate: Buffer.from(await signRequest(authority, pem)).toString('base64'),
  }))
  expect(run.exitCode, run.stderr).toBe(0)
  const { type, data, metadata } = Object(cluster.objects.get(secret))
  expect(type).toBe('kubernetes.io/tls')
  expect(metadata.annotations['oidc-gateway/not-after']).toMatch(/^\d{4}-/)
  const key = Buffer.from(data['tls.key'], 'base64').toString('utf8')
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/)
  expect(`${run.stdout}${run.stderr}`).not.toMatch(/PRIVATE KEY|BEGIN CERT/)
  expect(readFileSync(join(folder, 'gateway.yaml'), 'utf8')).toBe(configuration)
  expect([...cluster.objects.keys()].filter((path) => path.startsWith(requestsPath))).toEqual([])
  const subjects = (): unknown => Object(cluster.objects.get(binding)).subjects
  expect(subjects()).toMatchObject([
    { kind: 'User', name: 'oidc-gateway:oidc-gateway:oidc-gateway' },
  ])
  const before = writes(cluster).length
  const again = await init('--apply', '--credential=certificate')
  expect(again.stderr).toMatch(/^unchanged {2}the client certificate/m)
  expect(writes(cluster)).toHaveLength(before)
  // The pods with the certificate may impersonate until they have ended.
  let meanwhile: unknown
  place.cluster.script.answer = ({ path }) => {
    if (path.endsWith('/pods')) meanwhile = subjects()
    return undefined
  }
  await init('--apply', '--credential=token')
  expect(meanwhile).toMatchObject([{ kind: 'ServiceAccount' }, { kind: 'User' }])
  expect(subjects()).toMatchObject({ length: 1, 0: { kind: 'ServiceAccount' } })
  expect(cluster.objects.has(secret)).toBe(false)
})

test('`certificate_denied`: a certificate for somebody else is not used', async () => {
  const place = await site()
  const run = await signed(place, async (pem) => {
    const other = await signRequest(authority, pem, { subject: 'CN=system:admin' })
    return { conditions: [approval], certificate: Buffer.from(other).toString('base64') }
  })
  expectError(run, 'certificate_denied', /names somebody else than CN=oidc-gateway:oidc-gateway:/)
  expect(place.cluster.objects.has(secret)).toBe(false)
})

test('`certificate_denied`: whoever says no is quoted', async () => {
  const conditions = [{ type: 'Denied', status: 'True', reason: 'Policy', message: 'not today' }]
  const run = await signed(await site(), () => ({ conditions }))
  expectError(run, 'certificate_denied', /The request was denied: Policy: not today\./)
})

test('`certificate_not_issued`: a cluster without a signer is told from one without an approver', async () => {
  const { cluster, init } = await site()
  const args = ['--apply', '--credential=certificate', '--timeout=1s']
  const unsigned = await init(...args)
  expectError(unsigned, 'certificate_not_issued', /nobody has signed it within 1 second.* EKS/)
  expect(unsigned.stderr).toMatch(/--credential=token, which every cluster can/)
  const unapproved = await init(...args, '--no-approve')
  expect(unapproved.stderr).toMatch(
    /kubectl certificate approve oidc-gateway-oidc-gateway-\w{10}$/m,
  )
  expectError(unapproved, 'certificate_not_issued', /Nobody approved the request within 1 second/)
  // The key of the first request is lost, so it is gone.
  expect([...cluster.objects.keys()].filter((path) => path.startsWith(requestsPath))).toHaveLength(
    1,
  )
})

const image = 'registry.example.com/oidc-gateway:1'

test.each([
  [
    'an image that is not there',
    { phase: 'Pending' },
    { image, restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff', message: 'no' } } },
    /did not become ready: .*the image registry\.example\.com.*cannot be pulled \(ImagePullBackOff: no\)/,
  ],
  [
    'a gateway that ends',
    { phase: 'Running' },
    {
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
      lastState: { terminated: { exitCode: 2, message: 'error: The configuration is refused.' } },
    },
    /it ends again and again \(exit code 2: error: The configuration is refused\)/,
  ],
  [
    'no room',
    {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' },
      ],
    },
    undefined,
    /within 1 second: 0 of 1 pods are ready; no node takes it \(Unschedulable: 0\/3 nodes\)/,
  ],
])('`rollout_failed`: %s is told', async (_, status, container, says) => {
  const metadata = { name: 'p', namespace: 'oidc-gateway', uid: 'u', resourceVersion: '1' }
  const { init } = await site({
    deployment: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
    pods: [{ metadata, status: { ...status, containerStatuses: container ? [container] : [] } }],
  })
  expectError(await init('--apply', '--timeout=1s'), 'rollout_failed', says)
})

test('init goes on where a signal has interrupted it', async () => {
  let run: GatewayRun | undefined
  const { cluster, start, init } = await site({
    answer({ path, method, query }) {
      if (method === 'PATCH' && path.includes('/secrets/') && query.get('dryRun') === null) {
        run?.child.kill('SIGINT')
      }
      return undefined
    },
  })
  run = start('--apply')
  const { exitCode, stderr } = await ended(run)
  expect(exitCode, stderr).toBe(130)
  expect(stderr).not.toMatch(/Deployment/)
  run = undefined
  const again = await init('--apply')
  expect(again.exitCode, again.stderr).toBe(0)
  expect(again.stderr).toMatch(/^unchanged {2}ClusterRole /m)
  expect(again.stderr).toMatch(/^created {4}Deployment /m)
  expect(cluster.objects.size).toBe(11)
})

test('`credential_plugin_failed`: a plugin of the kubeconfig is run, and named when it fails', async () => {
  const { cluster, init, folder } = await site()
  const plugin = (script: string): void => {
    writeFileSync(join(folder, 'plugin'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    const user = 'exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}'
    writeFileSync(cluster.kubeconfig, kubeconfigOf(cluster.url, authority, user))
  }
  plugin(`echo '{"status": {"token": "from-plugin"}}'`)
  expect((await init()).exitCode).toBe(0)
  expect(cluster.requests.map(({ who }) => who)).toContain('from-plugin')
  plugin('exit 3')
  expectError(await init(), 'credential_plugin_failed', /plugin "\.\/plugin" .* its exit code is 3/)
})
