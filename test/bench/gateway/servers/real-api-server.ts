import { controlPlaneNeeds } from '../../../../tools/e2e/control-plane.ts'
import type { ControlPlane } from '../../../cluster/index.ts'
import { rightsOfGateway } from '../../../world/gateway/rights-of-gateway.ts'
import { CannotMeasure } from '../../report/index.ts'
import { startedByUs, usageOf } from '../processes.ts'
import { installedConfiguration, type Upstream } from './gateway.ts'
import type { Running } from './running.ts'
import type { Stage } from './stage.ts'

/** A kube-apiserver that believes the issuer of the stage by itself, with etcd and a node played by kwok. */
export interface RealApiServer extends Running {
  readonly cluster: ControlPlane
  /** For a gateway: its ServiceAccount has the rights that `oidc-gateway manifests` asks for. */
  readonly forGateway: Upstream
}

const namespace = 'oidc-gateway'

/** Starts it. Everybody may look at services, and run commands in pods. @throws CannotMeasure when a program is missing */
export async function startRealApiServer(stage: Stage): Promise<RealApiServer> {
  for (const { variable, find } of controlPlaneNeeds) {
    const found = find()
    if (found.kind === 'missing') throw new CannotMeasure(`needs ${variable}: ${found.reason}`)
    process.env[variable] = found.path
  }
  // Only now the environment says where the programs are.
  const { startControlPlane } = await import('../../../cluster/index.ts')
  const cluster = stage.during(
    await startControlPlane({ authenticationConfig: stage.authentication, controllers: false }),
  )
  await cluster.api.create('/api/v1/namespaces', { metadata: { name: namespace } })
  await cluster.apply(
    rights +
      rightsOfGateway(stage.write('installed.yaml', installedConfiguration(stage)), namespace),
  )
  const pid = startedByUs('kube-apiserver')
  const port = Number(new URL(cluster.server).port)
  const upstreamOf = async (account: string): Promise<Upstream> => ({
    port,
    caFile: stage.write('cluster-ca.crt', cluster.caPem),
    tokenFile: stage.write(`${account}.token`, await tokenOf(cluster, account)),
  })
  return {
    cluster,
    port,
    usage: () => usageOf(pid),
    stop: cluster.stop,
    forGateway: await upstreamOf('oidc-gateway'),
  }
}

async function tokenOf({ api }: ControlPlane, account: string): Promise<string> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`
  await api.create(accounts, { metadata: { name: account } })
  const request = { spec: { expirationSeconds: 7200 } }
  const { status } = Object(await api.create(`${accounts}/${account}/token`, request))
  return String(status.token)
}

const apiVersion = 'apiVersion: rbac.authorization.k8s.io/v1'
const rights = `${apiVersion}
kind: ClusterRole
metadata: {name: bench-user}
rules:
- {apiGroups: [""], resources: [services], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [pods], verbs: [get]}
- {apiGroups: [""], resources: [pods/exec], verbs: [get, create]}
---
${apiVersion}
kind: ClusterRoleBinding
metadata: {name: bench-user}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: bench-user}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}]
---
`
