import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createGateway, type Documents, parseConfiguration } from '../src/gateway/module.ts'
import type { ApiServer } from '../test/world/api-server.ts'
import type { Authority } from '../test/world/certificates.ts'

/** What a gateway stands between. */
export interface GatewayPlace {
  /** An existing folder for its files. */
  readonly folder: string
  readonly authority: Authority
  readonly issuer: string
  readonly clientId: string
  readonly api: ApiServer
  /** The only credential that the API server knows. */
  readonly credential: string
}

/** The gateway of the demo. */
export interface DemoGateway {
  /** `https://localhost:<port>`. */
  readonly url: string
  /** The audit lines so far, parsed. */
  readonly audit: readonly Readonly<Record<string, unknown>>[]
  stop(): Promise<void>
}

/** Starts a gateway in this process, as any program can, and lets it tell how its cluster is used. */
export async function startDemoGateway(place: GatewayPlace): Promise<DemoGateway> {
  const { folder, authority, credential } = place
  const { certPem, keyPem } = await authority.issue({ commonName: 'oidc-gateway' })
  writeFileSync(join(folder, 'ca.crt'), authority.certPem)
  writeFileSync(join(folder, 'tls.crt'), certPem)
  writeFileSync(join(folder, 'tls.key'), keyPem, { mode: 0o600 })
  writeFileSync(join(folder, 'token'), credential, { mode: 0o600 })
  const audit: Record<string, unknown>[] = []
  const gateway = await createGateway({
    ...configuration(place),
    auditStream: new Writable({
      write(chunk: Buffer, _encoding, done) {
        const lines = chunk.toString().trim().split('\n')
        audit.push(...lines.map((line): Record<string, unknown> => JSON.parse(line)))
        done()
      },
    }),
  })
  const { port } = await gateway.listen()
  const url = `https://localhost:${port}`
  // Only now the port is known that the onboarding document names.
  gateway.replace(configuration(place, url))
  return { url, audit, stop: gateway.close }
}

function configuration(place: GatewayPlace, url?: string): Documents {
  const { folder, authority, api, issuer, clientId } = place
  const gateway = {
    apiVersion: 'oidc-gateway/v1alpha1',
    kind: 'GatewayConfiguration',
    listen: { host: '127.0.0.1', port: 0, certFile: 'tls.crt', keyFile: 'tls.key' },
    upstream: { server: api.url, caFile: 'ca.crt', tokenFile: 'token' },
    operations: { host: '127.0.0.1', port: 0 },
    ...(url === undefined ? {} : { onboarding: { ...onboarding, server: url, issuer, clientId } }),
  }
  const authentication = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: { url: issuer, audiences: [clientId], certificateAuthority: authority.certPem },
        claimMappings: {
          username: { claim: 'preferred_username', prefix: '' },
          groups: { claim: 'groups', prefix: '' },
        },
      },
    ],
  }
  const text = [gateway, authentication].map((document) => JSON.stringify(document)).join('\n---\n')
  return parseConfiguration(text, join(folder, 'gateway.yaml'))
}

const onboarding = {
  clusterName: 'demo',
  certificateAuthorityFile: 'ca.crt',
  scopes: ['profile', 'groups'],
}
