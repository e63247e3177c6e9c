import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificateUser } from '../../../src/gateway/manifests/index.ts'
import type { Cluster } from '../../cluster/index.ts'
import { startTestIssuer, type TestIssuer } from '../../world/api/test-issuer.ts'
import {
  type Authority,
  createAuthority,
  type KeyAndCertificate,
} from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import type { AtEnd } from '../../world/gateway/at-end.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'
import { type ServingGateway, startGatewayProgram } from '../../world/gateway/program.ts'
import { rightsOfGateway } from '../../world/gateway/rights-of-gateway.ts'

/** A gateway in front of a real API server, which lets it impersonate and nothing else. */
export interface GatewayBefore extends ServingGateway {
  /** `https://localhost:<port>`. */
  readonly url: string
  /** Vouches for the gateway and for the issuer. */
  readonly authority: Authority
  readonly issuer: TestIssuer
  /** By what it proves itself to the API server. */
  readonly client: KeyAndCertificate
  /** Its files. The configuration is `gateway.yaml`, which is read again when it changes. */
  readonly folder: string
  /** Writes a kubeconfig for somebody who has an ID token with these claims. @returns its path */
  signedIn(claims: Readonly<Record<string, unknown>>): Promise<string>
}

/**
 * Runs the built gateway in front of a cluster, with a client certificate and the rights that it asks for
 * itself (`oidc-gateway manifests`).
 *
 * @param atEnd takes what ends it
 * @param more more fields of the GatewayConfiguration, as YAML
 */
export async function gatewayBefore(
  cluster: Cluster,
  atEnd: AtEnd,
  more = '',
): Promise<GatewayBefore> {
  const folder = temporaryFolder(atEnd)
  const namespace = await cluster.newNamespace()
  const authority = await createAuthority()
  const issuer = await startTestIssuer(authority)
  atEnd(issuer.stop)
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

  const serving = await authority.issue({ commonName: 'gateway' })
  write('tls.crt', serving.certPem)
  write('tls.key', serving.keyPem)
  const client = await cluster.certify({ name: certificateUser(namespace) })
  write('client.crt', client.certPem)
  write('client.key', client.keyPem)
  write('ca.crt', cluster.caPem)

  const rest = `${more}\n---\n${authenticationYaml({ issuer: issuer.issuer, certPem: authority.certPem })}`
  const tls = 'certFile: tls.crt, keyFile: tls.key'
  write('installed.yaml', `${head}\nlisten: {${tls}}\n${rest}`)
  await cluster.apply(rightsOfGateway(join(folder, 'installed.yaml'), namespace, rightsOptions))
  write(
    'gateway.yaml',
    `${head}
listen: {host: 127.0.0.1, port: 0, ${tls}}
upstream: {server: "${cluster.server}", caFile: ca.crt, certFile: client.crt, keyFile: client.key}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s, drainTimeout: 5s}
${rest}`,
  )

  const run = startGatewayProgram(['serve', `--config=${join(folder, 'gateway.yaml')}`], {}, atEnd)
  const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
  const { port, operationsPort } = JSON.parse(line)
  const url = `https://localhost:${port}`
  return {
    ...run,
    port,
    operationsPort,
    url,
    authority,
    issuer,
    client,
    folder,
    signedIn: async (claims) =>
      cluster.kubeconfig({
        server: url,
        caPem: authority.certPem,
        token: await issuer.sign(claims),
      }),
  }
}

/** How the gateway proves itself here. */
const rightsOptions = ['--credential=certificate', '--renewal=external']

const head = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration`
