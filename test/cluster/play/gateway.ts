import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Authority } from '../../world/certificates.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'
import { gatewayPath } from '../../world/gateway/program-path.ts'
import type { Cluster } from '../cluster.ts'
import { startKubelet } from '../kubelet/index.ts'
import { quietPort } from '../quiet-port.ts'
import { startServiceProxy } from '../service-proxy.ts'

/** A gateway that is installed in the cluster. */
export interface InstalledGateway {
  /** `https://localhost:<port>`. */
  readonly url: string
  stop(): Promise<void>
}

const namespace = 'oidc-gateway'

/** Installs the gateway with `oidc-gateway init`, as an operator does, and runs its pods. */
export async function installGateway(
  cluster: Cluster,
  authority: Authority,
  issuer: string,
): Promise<InstalledGateway> {
  const { folder } = cluster
  const kubelet = await startKubelet(cluster, namespace)
  const port = await quietPort()
  const url = `https://localhost:${port}`
  const file = (name: string): string => join(folder, name)
  const { certPem, keyPem } = await authority.issue({ commonName: 'localhost' })
  writeFileSync(file('gateway.crt'), certPem)
  writeFileSync(file('gateway.key'), keyPem, { mode: 0o600 })
  writeFileSync(file('gateway.yaml'), configuration(authority, { url, issuer }))
  await run([
    'init',
    '--apply',
    `--kubeconfig=${cluster.adminKubeconfig}`,
    `--config=${file('gateway.yaml')}`,
    '--image=built-here',
    `--tls-cert=${file('gateway.crt')}`,
    `--tls-key=${file('gateway.key')}`,
    '--replicas=2',
    '--max-replicas=2',
  ])
  const service = { namespace, service: 'oidc-gateway', port: 'https' }
  const proxy = await startServiceProxy(cluster, service, port)
  return {
    url,
    async stop() {
      await proxy.stop()
      await kubelet.stop()
    },
  }
}

async function run(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [gatewayPath, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH },
    // Ctrl-C at the terminal is for us.
    detached: true,
  })
  const said = text(child.stderr)
  const exitCode = await new Promise((done) => child.once('exit', done))
  if (exitCode !== 0) throw new Error(`oidc-gateway init ended with ${exitCode}:\n${await said}`)
}

function configuration(
  { certPem }: Authority,
  { url, issuer }: { readonly url: string; readonly issuer: string },
): string {
  return `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen:
  certFile: gateway.crt
  keyFile: gateway.key
operations: {drainDelay: 1s, drainTimeout: 5s}
onboarding:
  clusterName: tutorial
  server: ${url}
  issuer: ${issuer}
  clientId: kubernetes
  scopes: [openid, profile]
  certificateAuthority: ${JSON.stringify(certPem)}
---
${authenticationYaml({ issuer, certPem })}`
}
