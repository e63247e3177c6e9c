import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { claimsOf } from '../world/api/test-cluster.ts'
import { type GatewayWorld, gatewayWorld } from '../world/gateway/program.ts'

const kubectl = process.env.KUBECTL ?? 'kubectl'
// A kubectl that was named must work; one on the PATH need not be there.
const isInstalled =
  process.env.KUBECTL !== undefined || spawnSync(kubectl, ['version', '--client']).status === 0

const pod = 'hello-6d4b75cb6d-x7k2p'

/** A user's kubectl, with a token of the provider and the gateway for a server. */
async function userOf(world: GatewayWorld, port: number, username: string, group: string) {
  const token = await world.issuer.sign(claimsOf(username, group))
  const kubeconfig = join(world.folder, `${username}.json`)
  const cluster = {
    server: `https://localhost:${port}`,
    'certificate-authority-data': Buffer.from(world.authority.certPem).toString('base64'),
  }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: username, user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: username } }],
  }
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 })
  const home = { HOME: world.folder, USERPROFILE: world.folder, KUBECONFIG: kubeconfig }
  const start = (...args: readonly string[]): ChildProcess => {
    const child = spawn(kubectl, args, { env: { ...process.env, ...home } })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
  return {
    start,
    async run(args: string, stdin = ''): Promise<Result> {
      const child = start(...args.split(' '))
      child.stdin?.end(stdin)
      const result = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const) {
        child[name]?.setEncoding('utf8').on('data', (text: string) => {
          result[name] += text
        })
      }
      const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
      return { exitCode, ...result }
    },
  }
}

interface Result {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

async function running() {
  const world = await gatewayWorld()
  const { port } = await world.serve()
  return {
    world,
    john: await userOf(world, port, 'john', 'developers'),
    jane: await userOf(world, port, 'jane', 'cluster-admins'),
  }
}

/** Reads what a kubectl that goes on prints, until it has printed a text. */
async function until(child: ChildProcess, text: string): Promise<string> {
  let printed = ''
  for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) {
    printed += String(chunk)
    if (printed.includes(text)) return printed
  }
  throw new Error(`kubectl ended before it printed ${text}: ${printed}`)
}

describe.skipIf(!isInstalled)('kubectl through the gateway', () => {
  test('John sees what he may see, and is told what he may not', async () => {
    const { john, world } = await running()
    expect(await john.run('get svc -o name')).toMatchObject({
      exitCode: 0,
      stdout: 'service/hello\nservice/kubernetes\n',
    })
    expect(await john.run('get pods')).toMatchObject({
      exitCode: 1,
      stderr:
        'Error from server (Forbidden): pods is forbidden: User "john" cannot list resource "pods" in API group "" in the namespace "default"\n',
    })
    expect((await john.run('auth whoami')).stdout).toMatch(/Username\s+john/)
    expect((await john.run('auth can-i list pods')).stdout).toBe('no\n')
    expect((await john.run('get svc --as=jane')).stderr).toMatch(
      /Error from server \(Forbidden\): /,
    )
    expect((await john.run('get svc --token=nonsense')).stderr).toMatch(
      /must be logged in to the server/,
    )
    const users = new Set(world.api.requests.map(({ user }) => user))
    expect(users).toEqual(new Set(['oidc-gateway:self-check', 'john']))
  })

  test('Jane applies, changes and deletes', async () => {
    const { jane } = await running()
    const configMap = (value: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'made' },
        data: { k: value, large: 'x'.repeat(100_000) },
      })
    const apply = 'apply -f -'
    expect(await jane.run(apply, configMap('1'))).toMatchObject({
      exitCode: 0,
      stdout: 'configmap/made created\n',
      stderr: '',
    })
    expect((await jane.run(apply, configMap('2'))).exitCode).toBe(0)
    expect((await jane.run('get cm made -o jsonpath={.data.k}')).stdout).toBe('2')
    expect((await jane.run('delete cm made --cascade=foreground')).exitCode).toBe(0)
    expect((await jane.run('get cm made')).stderr).toMatch(/NotFound/)
  })

  test('a watch and a log that is followed show what happens as it happens', async () => {
    const { jane, world } = await running()
    const watch = jane.start('get', 'configmaps', '--watch-only', '-o', 'name')
    const log = jane.start('logs', '-f', pod)
    const seen = until(watch, 'configmap/seen\n')
    const followed = until(log, 'a line of its own\n')
    const watched = (): boolean =>
      world.api.requests.some(({ path }) => path.includes('watch=true'))
    while (!watched()) await new Promise((resolve) => setTimeout(resolve, 20))
    await jane.run('create configmap seen')
    await seen
    world.api.writeLog('default', pod, 'a line of its own')
    await followed
  })

  test('F13 exec, attach and cp pass; who may not is told why', async () => {
    const { jane, john, world } = await running()
    const ran = await jane.run(`exec -i ${pod} -- sh -c cat>&2;exit\t3`, 'to the other side')
    expect(ran).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('to the other side') })
    expect((await jane.run(`attach -i ${pod} -c hello`, 'echoed')).stdout).toContain('echoed')

    const bytes = randomBytes(3_000_000)
    writeFileSync(join(world.folder, 'there.bin'), bytes)
    const copied = await jane.run(`cp ${pod}:there.bin ${join(world.folder, 'back.bin')}`)
    expect(copied).toMatchObject({ exitCode: 0 })
    expect(readFileSync(join(world.folder, 'back.bin')).equals(bytes)).toBe(true)

    const refused = await john.run(`exec ${pod} -- true`)
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toMatch(/Forbidden/)
  })
})
