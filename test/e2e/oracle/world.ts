import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlPlane, startControlPlane } from '../../cluster/index.ts'
import { createAuthority } from '../../world/certificates.ts'
import type { AtEnd } from '../../world/gateway/at-end.ts'
import { startGatewayProgram } from '../../world/gateway/program.ts'
import { type Issuers, startIssuers } from './issuer.ts'
import type { JudgeAddress } from './judges.ts'
import { createPress, type Press } from './samples/sample.ts'

/**
 * One AuthenticationConfiguration and two judges: a kube-apiserver, and the gateway in front of it. By its
 * client certificate the gateway is one user there, whatever tokens the API server knows itself.
 */
export interface OracleWorld {
  readonly issuers: Issuers
  readonly press: Press
  readonly cluster: ControlPlane
  readonly kube: JudgeAddress
  readonly gateway: JudgeAddress
  /** The configuration with what only kube-apiserver takes. */
  readonly refusedConfig: string
  /** Starts another gateway in front of the cluster, with other entries of `jwt`. */
  gatewayWith(jwt: readonly unknown[]): Promise<JudgeAddress>
  /** Lines of the gateway's audit log so far. */
  auditLines(): readonly Readonly<Record<string, unknown>>[]
}

/** The user that the gateway is to the cluster. */
export const gatewayUser = 'oracle-gateway'

/** Starts both. */
export async function startOracleWorld(atEnd: AtEnd): Promise<OracleWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'oidc-oracle-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const authority = await createAuthority()
  const issuers = await startIssuers(authority)
  atEnd(issuers.server.stop)
  const cluster = await startControlPlane({
    authenticationConfig: authenticationConfig([...issuers.jwt, ...issuers.refusedJwt]),
    controllers: false,
    fakeNode: false,
  })
  atEnd(cluster.stop)
  await cluster.apply(`${reviewsForAll}---\n${gatewayRights}`)
  const { certPem, keyPem } = await authority.issue({ commonName: 'gateway' })
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  write('tls.crt', certPem)
  write('tls.key', keyPem)
  const kubeconfig = await cluster.asUser({ name: gatewayUser })
  const configure = (name: string, jwt: readonly unknown[]): string =>
    write(`${name}.yaml`, `${gatewayConfig(kubeconfig, name)}---\n${authenticationConfig(jwt)}`)
  const serve = async (name: string, jwt: readonly unknown[]): Promise<JudgeAddress> => {
    const run = startGatewayProgram(['serve', `--config=${configure(name, jwt)}`], {}, atEnd)
    const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
    return { port: JSON.parse(line).port, certificateAuthority: authority.certPem }
  }
  return {
    issuers,
    press: createPress(issuers, Math.floor(Date.now() / 1000)),
    cluster,
    kube: { port: Number(new URL(cluster.server).port), certificateAuthority: cluster.caPem },
    gateway: await serve('gateway', issuers.jwt),
    refusedConfig: configure('refused', [...issuers.jwt, ...issuers.refusedJwt]),
    gatewayWith: async (jwt) => await serve('another', jwt),
    auditLines: () =>
      readFileSync(join(folder, 'gateway.log'), 'utf8')
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text)),
  }
}

/** JSON is YAML. */
function authenticationConfig(jwt: readonly unknown[]): string {
  return JSON.stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    anonymous: { enabled: false },
    jwt,
  })
}

function gatewayConfig(kubeconfig: string, name: string): string {
  return `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: 0, certFile: tls.crt, keyFile: tls.key}
upstream: {kubeconfig: ${kubeconfig}}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s}
impersonation: {nested: review, sendCredentialId: true}
limits: {maxFailuresPerSecond: 100000}
audit: {sink: file, file: ${name}.log, includeQuery: true}
acknowledge: [unverified-email, shared-usernames, shared-groups]
`
}

/** Whoever is let in may ask who he is, `system:anonymous` too. */
const reviewsForAll = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reviews-for-all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:basic-user"}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:anonymous"}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:unauthenticated"}
`

/** Everybody may be impersonated: who that is, is what is compared. */
const gatewayRights = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${gatewayUser}}
rules:
- {apiGroups: ["", authentication.k8s.io], resources: ["*"], verbs: [impersonate]}
- {apiGroups: [authorization.k8s.io], resources: [subjectaccessreviews], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${gatewayUser}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${gatewayUser}}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ${gatewayUser}}]
`
