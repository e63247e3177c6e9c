import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, ask } from '../../world/gateway/ask.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import {
  type GatewayWorld,
  gatewayWorld,
  type ServingGateway,
  startGatewayProgram,
} from '../../world/gateway/program.ts'

const services = '/api/v1/namespaces/default/services'

async function asJohn(world: GatewayWorld, gateway: ServingGateway): Promise<Answer> {
  const token = await world.issuer.sign({ preferred_username: 'john' })
  return await ask({ port: gateway.port, ca: world.authority.certPem, path: services, token })
}

async function operations(gateway: ServingGateway, path: string): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${gateway.operationsPort}${path}`)).text()
}

async function isReady(gateway: ServingGateway): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${gateway.operationsPort}/readyz`)).status === 200
}

test('several workers share the port, the probes, the metrics and the audit log', async () => {
  const world = await gatewayWorld()
  world.configure('workers: 2')
  const gateway = await world.serve()
  await eventually(async () => await isReady(gateway))
  for (let count = 0; count < 10; count += 1)
    expect((await asJohn(world, gateway)).status).toBe(200)
  await eventually(
    async () => (gateway.stdout().match(/"resource":"services"/g) ?? []).length === 10,
  )
  const metrics = await operations(gateway, '/metrics')
  expect(metrics).toContain('oidc_gateway_requests_total{verb="list",code="200"} 10')
  expect(metrics).toMatch(/^oidc_gateway_audit_lines_lost 0$/m)
  // An end is not a sum: the certificate lasts a day.
  const expiry = /^oidc_gateway_serving_certificate_expiry_seconds (\S+)$/m.exec(metrics)?.[1]
  expect(Number(expiry)).toBeLessThan(90_000)
  for (const line of gateway.stdout().trimEnd().split('\n'))
    expect(() => JSON.parse(line)).not.toThrow()
})

test('a worker that is killed is replaced, while the others go on', async () => {
  const world = await gatewayWorld()
  world.configure('workers: 2')
  const gateway = await world.serve()
  await eventually(async () => await isReady(gateway))
  const [victim = 0] = await childrenOf(gateway.child.pid ?? 0)
  process.kill(victim, 'SIGKILL')
  await gateway.said(/A worker has ended; another one takes its place/)
  for (let count = 0; count < 5; count += 1) expect((await asJohn(world, gateway)).status).toBe(200)
  await eventually(async () => (await childrenOf(gateway.child.pid ?? 0)).length === 2)
  await eventually(async () => await isReady(gateway))
})

test('a signal lets the workers end what is under way', async () => {
  const world = await gatewayWorld()
  world.configure('workers: 2')
  const gateway = await world.serve()
  await eventually(async () => await isReady(gateway))
  const token = await world.issuer.sign({ preferred_username: 'jane', groups: ['cluster-admins'] })
  const watch = ask({
    port: gateway.port,
    ca: world.authority.certPem,
    path: `${services}?watch=1`,
    token,
  })
  await gateway.printed(/"stage":"ResponseStarted"/)
  gateway.child.kill('SIGTERM')
  expect((await watch).status).toBe(200)
  expect((await gateway.ended).exitCode).toBe(0)
  expect(gateway.stdout()).toMatch(/"closeReason":"drained"/)
  expect(await childrenOf(gateway.child.pid ?? 0)).toEqual([])
})

test('workers do not outlive a primary process that is killed', async () => {
  const world = await gatewayWorld()
  world.configure('workers: 2')
  const gateway = await world.serve()
  const workers = await childrenOf(gateway.child.pid ?? 0)
  expect(workers).toHaveLength(2)
  gateway.child.kill('SIGKILL')
  await eventually(async () => workers.every((pid) => !isAlive(pid)))
})

test('`workers_failed` when no worker can listen, each says why and the program ends', async () => {
  const world = await gatewayWorld()
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : undefined
  world.configure('workers: 2')
  const run = startGatewayProgram(['serve', `--config=${configurationWithPort(world, port)}`])
  expect((await run.ended).exitCode).toBe(2)
  expect(run.stderr()).toContain('another program holds it')
  expect(run.stderr()).toContain('No worker of the gateway could start.')
  expect(run.stderr()).toContain('What each of them said stands above')
})

function configurationWithPort(world: GatewayWorld, port: number | undefined): string {
  const file = join(world.folder, 'taken.yaml')
  writeFileSync(
    file,
    `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: ${port}, certFile: tls.crt, keyFile: tls.key}
upstream: {server: "${world.api.url}", caFile: ca.crt, tokenFile: token}
operations: {host: 127.0.0.1, port: 0}
workers: 2
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "https://sso.example.com", audiences: [kubernetes]}
  claimMappings: {username: {claim: sub, prefix: ""}}
`,
  )
  return file
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Processes that a process has started and that still run. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(
    () => ({ stdout: '' }),
  )
  return stdout.trim().split(/\s+/).filter(Boolean).map(Number)
}
