import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startTestIssuer } from '../../world/api/test-issuer.ts'
import { createAuthority } from '../../world/certificates.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'

/** A gateway in front of a server that answers everything, and what signs its tokens. */
export interface GatewayStage {
  readonly folder: string
  readonly caPem: string
  /** Certificate and key for servers of the benchmark, PEM files. */
  readonly certFile: string
  readonly keyFile: string
  /** Signs a token of John; each one is different. */
  sign(): Promise<string>
  /** Starts a gateway in front of a port. */
  startGateway(upstreamPort: number, more?: string): Promise<BenchedGateway>
  stop(): Promise<void>
}

/** A gateway that listens. */
export interface BenchedGateway {
  readonly port: number
  readonly operationsPort: number
  /** Resident memory of all its processes, in bytes. */
  memoryBytes(): Promise<number>
  stop(): Promise<void>
}

/** Prepares certificates and an issuer. */
export async function openStage(): Promise<GatewayStage> {
  const folder = mkdtempSync(join(tmpdir(), 'oidc-gateway-bench-'))
  const authority = await createAuthority()
  const issuer = await startTestIssuer(authority)
  const { certPem, keyPem } = await authority.issue({ commonName: 'localhost' })
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const certFile = file('tls.crt', certPem)
  const keyFile = file('tls.key', keyPem)
  file('ca.crt', authority.certPem)
  file('token', 'gateway-token')
  let serial = 0
  return {
    folder,
    caPem: authority.certPem,
    certFile,
    keyFile,
    async sign() {
      serial += 1
      return await issuer.sign({
        sub: 'john',
        jti: String(serial),
        exp: Math.floor(Date.now() / 1000) + 7200,
      })
    },
    async startGateway(upstreamPort, more = '') {
      const config = file(
        'gateway.yaml',
        `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: 0, certFile: tls.crt, keyFile: tls.key}
upstream: {server: "https://127.0.0.1:${upstreamPort}", caFile: ca.crt, tokenFile: token}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s, drainTimeout: 1s}
audit: {sink: file, file: audit.log}
limits: {maxConnections: 20000, maxConnectionsPerAddress: 20000}
${more}
---
${authenticationYaml({ issuer: issuer.issuer, certPem: authority.certPem, claimMappings: '{username: {claim: sub, prefix: ""}}' })}`,
      )
      return await runGateway(config)
    },
    async stop() {
      await issuer.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function runGateway(config: string): Promise<BenchedGateway> {
  const program = resolve('bin', 'oidc-gateway.js')
  const child = spawn(process.execPath, [program, 'serve', `--config=${config}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const { port, operationsPort } = await listening(child)
  return {
    port,
    operationsPort,
    async memoryBytes() {
      const answer = await fetch(`http://127.0.0.1:${operationsPort}/metrics`)
      const value = /^process_resident_memory_bytes (\S+)$/m.exec(await answer.text())?.[1]
      return Number(value)
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function listening(child: ChildProcess): Promise<{ port: number; operationsPort: number }> {
  return await new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const line = /^\{.*The gateway listens\..*$/m.exec(said)?.[0]
      if (line !== undefined) resolve(JSON.parse(line))
    })
    child.once('exit', () => reject(new Error(`the gateway ended:\n${said}`)))
  })
}

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
