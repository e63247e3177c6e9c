import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startTestIssuer, type TestIssuer } from '../api/test-issuer.ts'
import { type AccessRule, type ApiServer, startApiServer, tutorialRules } from '../api-server.ts'
import { type Authority, createAuthority } from '../certificates.ts'
import { temporaryFolder } from '../folder.ts'
import type { AtEnd } from './at-end.ts'
import { authenticationYaml } from './authentication-yaml.ts'
import { gatewayPath } from './program-path.ts'

export { gatewayPath }

/** A run of the program. */
export interface GatewayRun {
  readonly child: ChildProcess
  /** What was written so far. */
  stdout(): string
  stderr(): string
  /** Resolves when stderr matches; rejects when the run ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves when stdout matches, likewise. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<{ readonly exitCode: number | null }>
}

/** Starts the built program. It is killed when the test ends, or when `atEnd` says. */
export function startGatewayProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  atEnd: AtEnd = onTestFinished,
): GatewayRun {
  const child = spawn(process.execPath, [gatewayPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  })
  atEnd(() => void child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  let hasEnded = false
  const ended = new Promise<{ exitCode: number | null }>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => {
      hasEnded = true
      done({ exitCode })
    })
  })
  const waitFor = async (look: () => RegExpExecArray | null): Promise<RegExpExecArray> => {
    for (;;) {
      const found = look()
      if (found !== null) return found
      if (hasEnded) throw new Error(`the gateway ended:\n${written.stderr}`)
      await new Promise((done) => setTimeout(done, 10))
    }
  }
  return {
    child,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    ended,
    said: async (pattern) => await waitFor(() => pattern.exec(written.stderr)),
    printed: async (pattern) => await waitFor(() => pattern.exec(written.stdout)),
  }
}

/** A provider, an API server that trusts only the gateway, and the files of a gateway between them. */
export interface GatewayWorld {
  readonly folder: string
  readonly authority: Authority
  readonly issuer: TestIssuer
  readonly api: ApiServer
  /** The configuration file; a test may write it anew. */
  readonly configFile: string
  readonly caFile: string
  readonly tokenFile: string
  /** Writes the configuration, with more fields of the GatewayConfiguration as YAML. */
  configure(more?: string, upstream?: string): void
  /** Runs `serve` and waits until it listens. */
  serve(): Promise<ServingGateway>
}

/** A gateway that listens. */
export interface ServingGateway extends GatewayRun {
  readonly port: number
  readonly operationsPort: number
}

/** The credential of the gateway in these worlds. */
export const gatewayCredential = 'gateway-credential-token'

/** Makes a world; everything in it stops when the running test ends. */
export async function gatewayWorld(
  rules: readonly AccessRule[] = tutorialRules,
): Promise<GatewayWorld> {
  const folder = temporaryFolder()
  const authority = await createAuthority()
  const issuer = await startTestIssuer(authority)
  const api = await startApiServer({
    authority,
    gateway: { token: gatewayCredential },
    rules,
    folder,
  })
  onTestFinished(async () => {
    await Promise.all([issuer.stop(), api.stop()])
  })
  const serving = await authority.issue({ commonName: 'gateway' })
  const path = (name: string): string => join(folder, name)
  const files = { config: path('gateway.yaml'), ca: path('ca.crt'), token: path('token') }
  writeFileSync(files.ca, authority.certPem)
  writeFileSync(path('tls.crt'), serving.certPem)
  writeFileSync(path('tls.key'), serving.keyPem)
  writeFileSync(files.token, `${gatewayCredential}\n`)

  function configure(more = '', upstream = 'caFile: ca.crt, tokenFile: token'): void {
    writeFileSync(
      files.config,
      `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: 0, certFile: tls.crt, keyFile: tls.key}
upstream: {server: "${api.url}", ${upstream}}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s, drainTimeout: 5s}
${more}
---
${authenticationYaml({ issuer: issuer.issuer, certPem: authority.certPem })}`,
    )
  }
  configure()
  return {
    folder,
    authority,
    issuer,
    api,
    configFile: files.config,
    caFile: files.ca,
    tokenFile: files.token,
    configure,
    async serve() {
      const run = startGatewayProgram(['serve', `--config=${files.config}`])
      const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
      const { port, operationsPort } = JSON.parse(line)
      return { ...run, port, operationsPort }
    },
  }
}
