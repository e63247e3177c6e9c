import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type Cluster, programs, sharedCluster } from '../../cluster/index.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { kubectlPath } from '../kubectl.ts'
import {
  type Choices,
  chart,
  chartOf,
  chartOptions,
  manifestsOf,
  objectsIn,
  type Rendered,
} from './render.ts'

const run = promisify(execFile)
const helm = process.env.HELM_VERSIONS && join(process.env.HELM_VERSIONS, '4', 'helm')

const features = {
  mappings: {
    uid: { claim: 'sub' },
    extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
  },
  gateway: { impersonation: { nested: 'review', sendCredentialId: true } },
}

describe.skipIf(!programs || !kubectlPath)('a real API server', () => {
  test.each([
    ['token', 'constrained'],
    ['token', 'classic'],
    ['certificate', 'constrained'],
    ['certificate', 'classic'],
  ] as const)('takes what "manifests" prints, strictly: %s, %s', async (credential, mode) => {
    const cluster = await sharedCluster()
    const namespace = await cluster.newNamespace()
    const choices: Choices = { ...features, credential, mode, namespace }
    await expectAccepted(cluster, objectsIn(await manifestsOf(choices)))
  })

  test.skipIf(!helm).each([
    ['token', 'constrained'],
    ['certificate', 'classic'],
  ] as const)('takes what the chart gives: %s, %s', async (credential, mode) => {
    const cluster = await sharedCluster()
    const namespace = await cluster.newNamespace()
    const choices: Choices = { ...features, credential, mode, namespace }
    const rendered = objectsIn(await chartOf(helm ?? '', choices))
    const [namespaceObject] = objectsIn(await manifestsOf(choices))
    await expectAccepted(cluster, [namespaceObject ?? {}, ...rendered])
  })

  test.skipIf(!helm)(
    'lets Helm install a gateway, choose the rights that the cluster knows, and take it away',
    async () => {
      const cluster = await sharedCluster()
      const namespace = await cluster.newNamespace()
      const choices: Choices = { credential: 'token', mode: 'classic', namespace }
      const release = async (command: string, ...options: readonly string[]) =>
        await run(helm ?? '', [
          command,
          'oidc-gateway',
          `--kubeconfig=${cluster.adminKubeconfig}`,
          ...options,
        ])
      const installed = await release('install', chart, ...chartOptions(choices))
      expect(installed.stdout).toContain('with the right to classic impersonation')
      const role = `/apis/rbac.authorization.k8s.io/v1/clusterroles/oidc-gateway:${namespace}`
      const rules = async () => JSON.stringify(Object(await cluster.api.get(role)).rules)
      expect(await rules()).toContain('"impersonate"')

      await release('upgrade', chart, ...chartOptions(choices), '--set=impersonation=auto')
      expect(await rules()).toContain('"impersonate:user-info"')
      expect(await rules()).not.toContain('"impersonate"')

      await release('uninstall', `--namespace=${namespace}`)
      expect(await cluster.api.exists(role)).toBe(false)
    },
  )

  test.each(['', 'classic'])(
    'takes the example for kustomize, with component "%s"',
    async (name) => {
      const cluster = await sharedCluster()
      const namespace = await cluster.newNamespace()
      const folder = temporaryFolder()
      cpSync('deploy/kustomize', folder, { recursive: true })
      const file = join(folder, 'example', 'kustomization.yaml')
      const components = name === '' ? '' : `components: [../${name}]\n`
      const text = readFileSync(file, 'utf8').replace(
        'namespace: oidc-gateway',
        `namespace: ${namespace}`,
      )
      writeFileSync(file, `${text}namespace: ${namespace}\n${components}`)
      const { stdout } = await kubectl(cluster, ['kustomize', join(folder, 'example')])
      const objects = objectsIn(stdout)
      await expectAccepted(cluster, objects)
      expect(stdout).not.toContain('namespace: oidc-gateway\n')
      expect(stdout).toContain('image: registry.example.com/oidc-gateway:0.1.0')
      expect(stdout).toContain(name === 'classic' ? '- impersonate\n' : '- impersonate:user-info\n')
    },
  )

  test('would refuse a pod with more privileges than the gateway needs', async () => {
    const cluster = await sharedCluster()
    const namespace = await cluster.newNamespace()
    const choices: Choices = { credential: 'token', mode: 'constrained', namespace }
    const objects = objectsIn(await manifestsOf(choices))
    await applied(cluster, objects.slice(0, 2))
    const pod = podOf(objects)
    const { containers } = Object(pod.spec)
    const privileged = { ...containers[0], securityContext: { privileged: true } }
    const greedy = { ...pod, spec: { ...Object(pod.spec), containers: [privileged] } }
    await expect(applied(cluster, [greedy], '--dry-run=server')).rejects.toThrow(
      /violates PodSecurity "restricted/,
    )
  })
})

/**
 * The namespace and the ServiceAccount come first, in earnest; all else is checked by the API server as if
 * it were applied, and so is a pod, which the ReplicaSet would make only later.
 */
async function expectAccepted(cluster: Cluster, objects: readonly Rendered[]): Promise<void> {
  const first = objects.filter(({ kind }) => kind === 'Namespace' || kind === 'ServiceAccount')
  expect(first).toHaveLength(2)
  const warnings = [
    await applied(cluster, first),
    await applied(cluster, [...objects, podOf(objects)], '--dry-run=server'),
  ]
  expect(warnings).toEqual(['', ''])
}

/** @returns what kubectl warns of */
async function applied(
  cluster: Cluster,
  objects: readonly Rendered[],
  ...options: readonly string[]
): Promise<string> {
  const file = join(temporaryFolder(), 'objects.yaml')
  writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'))
  const args = ['apply', '--server-side', '--validate=strict', `--filename=${file}`, ...options]
  const { stdout, stderr } = await kubectl(cluster, args)
  expect(stdout.trim().split('\n')).toHaveLength(objects.length)
  return stderr
}

async function kubectl({ adminKubeconfig }: Cluster, args: readonly string[]) {
  return await run(kubectlPath ?? '', [...args, `--kubeconfig=${adminKubeconfig}`])
}

function podOf(objects: readonly Rendered[]): Rendered {
  const deployment = objects.find(({ kind }) => kind === 'Deployment')
  const { template } = Object(deployment?.spec)
  const { namespace } = Object(deployment?.metadata)
  const metadata = { ...template.metadata, name: 'probe', namespace }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec }
}
