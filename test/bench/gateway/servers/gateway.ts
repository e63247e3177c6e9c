import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { nodeFlagsOfImage } from '../../../package/containerfile.ts'
import { gatewayPath } from '../../../world/gateway/program-path.ts'
import { type Running, startServer } from './running.ts'
import type { Stage } from './stage.ts'

/** Where an API server is, and what the gateway proves itself by. */
export interface Upstream {
  readonly port: number
  /** Certificate of its authority, a file. */
  readonly caFile: string
  /** Token of the gateway, a file. */
  readonly tokenFile: string
}

const head = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration`

/** The configuration of a gateway that is installed in a cluster. */
export function installedConfiguration({ certFile, keyFile, authentication }: Stage): string {
  return `${head}
listen: {certFile: ${certFile}, keyFile: ${keyFile}}
---
${authentication}`
}

let serial = 0

/**
 * Starts the built gateway as its image does, in front of an API server, with its audit log in a file and its metrics.
 *
 * @param more more fields of the GatewayConfiguration, as YAML
 */
export async function startGateway(stage: Stage, upstream: Upstream, more = ''): Promise<Running> {
  serial += 1
  const name = `gateway-${serial}`
  // Not beside its configuration: it looks at what changes there.
  const audit = join(stage.folder, `${name}-audit`)
  mkdirSync(audit)
  const config = stage.write(
    `${name}.yaml`,
    `${head}
listen: {host: 127.0.0.1, port: 0, certFile: ${stage.certFile}, keyFile: ${stage.keyFile}}
upstream: {server: "https://127.0.0.1:${upstream.port}", caFile: ${upstream.caFile}, tokenFile: ${upstream.tokenFile}}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s, drainTimeout: 1s}
audit: {sink: file, file: ${join(audit, 'audit.log')}}
limits: {maxConnections: 30000, maxConnectionsPerAddress: 30000, maxUpstreamConnections: 60000}
${more}
---
${stage.authentication}`,
  )
  return await startServer(
    {
      name: 'the gateway',
      command: process.execPath,
      args: [...nodeFlagsOfImage(), gatewayPath, 'serve', `--config=${config}`],
      log: join(stage.folder, `${name}.log`),
    },
    async (said) => {
      const line = /^\{.*The gateway listens\..*$/m.exec(said)?.[0]
      return line === undefined ? undefined : Number(JSON.parse(line).port)
    },
  )
}
