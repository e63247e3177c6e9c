import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  type Cluster,
  programs,
  sharedCluster,
  startKubelet,
  startServiceProxy,
} from '../../cluster/index.ts'
import { numberAt, textAt } from '../../world/api/json.ts'
import { send } from '../../world/api/test-client.ts'
import { startTestIssuer } from '../../world/api/test-issuer.ts'
import { createAuthority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { gatewayPath } from '../../world/gateway/program.ts'
import { stopped } from '../../world/world.ts'

const canRun = programs !== undefined && process.platform === 'linux'

/** What operators apply, as the built program prints it, and the Secret that they make themselves. */
async function install(cluster: Cluster, namespace: string) {
  const folder = temporaryFolder()
  const authority = await createAuthority()
  const issuer = stopped(await startTestIssuer(authority))
  const config = join(folder, 'gateway.yaml')
  writeFileSync(
    config,
    `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: tls.crt, keyFile: tls.key}
operations: {drainDelay: 1s, drainTimeout: 5s}
---
${authenticationYaml({ issuer: issuer.issuer, certPem: authority.certPem, claimMappings: '{username: {claim: sub, prefix: ""}}' })}`,
  )
  const args = ['manifests', `--config=${config}`, `--namespace=${namespace}`, '--image=none']
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [gatewayPath, ...args, '--replicas=2', '--max-replicas=2'],
    { encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  await cluster.apply(stdout)
  const { certPem, keyPem } = await authority.issue({ commonName: 'gateway' })
  const data = { 'tls.crt': base64(certPem), 'tls.key': base64(keyPem) }
  await cluster.apply(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'oidc-gateway-tls', namespace },
      type: 'kubernetes.io/tls',
      data,
    }),
  )
  return { authority, issuer }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

describe.skipIf(!canRun)('the kubelet of the tests', () => {
  test('runs what was applied, behind a Service, and rolls it over', async () => {
    const cluster = await sharedCluster()
    const namespace = `gateway-${process.pid}`
    const kubelet = stopped(await startKubelet(cluster, namespace))
    const { authority, issuer } = await install(cluster, namespace)
    const deployment = `/apis/apps/v1/namespaces/${namespace}/deployments/oidc-gateway`
    const isRolledOut = async (): Promise<boolean> => {
      const object = await cluster.api.get(deployment)
      return (
        numberAt(object, 'status.observedGeneration') === numberAt(object, 'metadata.generation') &&
        numberAt(object, 'status.updatedReplicas') === 2 &&
        numberAt(object, 'status.replicas') === 2 &&
        numberAt(object, 'status.availableReplicas') === 2
      )
    }
    await eventually(isRolledOut)

    const service = { namespace, service: 'oidc-gateway', port: 'https' }
    const proxy = stopped(await startServiceProxy(cluster, service))
    const gateway = {
      url: `https://localhost:${proxy.port}`,
      certificateAuthorityPem: authority.certPem,
    }
    const token = await issuer.sign({ sub: 'john' })
    const ask = async (): Promise<string> => {
      const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
      const answer = await send(gateway, { method: 'POST', path: review, token, body })
      return textAt(answer.json, 'status.userInfo.username')
    }
    await eventually(async () => (await ask().catch(() => '')) === 'john')

    const before = kubelet.pods().map(({ facts }) => facts.uid)
    const restart = { spec: { template: { metadata: { annotations: { restarted: 'now' } } } } }
    await cluster.api.merge(deployment, restart)
    await eventually(async () => {
      // Nobody notices.
      expect(await ask()).toBe('john')
      await sleep(100)
      return await isRolledOut()
    })
    await eventually(async () => kubelet.pods().length === 2)
    const [pod, ...others] = kubelet.pods()
    expect(before).not.toContain(pod?.facts.uid)
    expect(others).toHaveLength(1)
    expect(readFileSync(pod?.log ?? '', 'utf8')).toMatch(/The gateway listens\./)
  })
})
