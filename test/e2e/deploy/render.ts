import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments, stringify } from 'yaml'
import { temporaryFolder } from '../../world/folder.ts'
import { gatewayPath } from '../../world/gateway/program.ts'

const run = promisify(execFile)

/** What an operator decides, in the words of no tool. */
export interface Choices {
  readonly credential: 'token' | 'certificate'
  readonly mode: 'constrained' | 'classic'
  readonly namespace?: string
  /** Fields of the GatewayConfiguration beside `listen`. */
  readonly gateway?: object
  /** Fields of the `claimMappings` beside `username`. */
  readonly mappings?: object
  /** Name of the provider's host, with a port where it has its own. */
  readonly provider?: string
  readonly replicas?: number
  readonly maxReplicas?: number
  readonly serviceType?: string
  readonly serviceMonitor?: boolean
}

const image = 'registry.example.com/oidc-gateway:1'
const listen = { certFile: 'tls.crt', keyFile: 'tls.key' }

/** What `oidc-gateway manifests` prints. */
export async function manifestsOf(choices: Choices): Promise<string> {
  const file = join(temporaryFolder(), 'gateway.yaml')
  const { credential, mode, namespace = 'oidc-gateway' } = choices
  const { replicas = 2, maxReplicas = 6, serviceType = 'LoadBalancer' } = choices
  const { upstream } = Object(choices.gateway)
  const documents = [
    {
      apiVersion: 'oidc-gateway/v1alpha1',
      kind: 'GatewayConfiguration',
      ...choices.gateway,
      listen: { ...listen, ...Object(choices.gateway).listen },
      ...(upstream ? { upstream: { ...upstream, ...filesOf(choices) } } : {}),
    },
    {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      ...authentication(choices),
    },
  ]
  writeFileSync(file, documents.map((document) => stringify(document)).join('---\n'))
  const { stdout } = await run(process.execPath, [
    gatewayPath,
    'manifests',
    `--config=${file}`,
    `--image=${image}`,
    `--namespace=${namespace}`,
    `--credential=${credential}`,
    `--impersonation=${mode}`,
    `--replicas=${replicas}`,
    `--max-replicas=${maxReplicas}`,
    `--service-type=${serviceType}`,
    ...(choices.serviceMonitor ? ['--service-monitor'] : []),
  ])
  return stdout
}

/** What the chart gives for the same choices. */
export async function chartOf(helm: string, choices: Choices, ...more: string[]): Promise<string> {
  return await template(helm, ...chartOptions(choices), ...more)
}

/** Options of Helm that say the same. */
export function chartOptions(choices: Choices): readonly string[] {
  const file = join(temporaryFolder(), 'values.yaml')
  const { credential, mode, namespace = 'oidc-gateway', gateway = {} } = choices
  const { replicas = 2, maxReplicas = 6, serviceType = 'LoadBalancer' } = choices
  const values = {
    image,
    credential,
    impersonation: mode,
    gateway,
    authentication: authentication(choices),
    replicas,
    maxReplicas,
    service: { type: serviceType },
    serviceMonitor: { enabled: choices.serviceMonitor ?? false },
  }
  writeFileSync(file, stringify(values))
  return [`--namespace=${namespace}`, `--values=${file}`]
}

/** Folder of the chart. */
export const chart: string = resolve('deploy', 'helm', 'oidc-gateway')

/** Renders the chart. */
export async function template(helm: string, ...options: readonly string[]): Promise<string> {
  const { stdout } = await run(helm, ['template', 'oidc-gateway', chart, ...options], {
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout
}

/** What a configuration with `upstream` needs to be whole; what is installed has others. */
function filesOf({ credential, gateway }: Choices) {
  if (credential === 'token') return { caFile: 'ca.crt', tokenFile: 'token' }
  const renewal = { ...Object(gateway).upstream.renewal, secret: 'anywhere/any' }
  return { caFile: 'ca.crt', certFile: 'tls.crt', keyFile: 'tls.key', renewal }
}

function authentication({ mappings = {}, provider = 'sso.example.com' }: Choices) {
  return {
    jwt: [
      {
        issuer: { url: `https://${provider}`, audiences: ['kubernetes'] },
        claimMappings: { username: { claim: 'sub', prefix: 'oidc:' }, ...mappings },
      },
    ],
  }
}

/** An object as it was rendered. */
export type Rendered = Readonly<Record<string, unknown>>

/** The objects in YAML documents. */
export function objectsIn(text: string): readonly Rendered[] {
  return parseAllDocuments(text)
    .map((document) => Object(document.toJS()))
    .filter(({ kind }) => kind !== undefined)
}
