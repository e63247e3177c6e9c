import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startTestCluster, type TestCluster } from '../world/api/test-cluster.ts'

const kubectl = process.env.KUBECTL ?? 'kubectl'
// A kubectl that was named must work; one on the PATH need not be there.
const isInstalled =
  process.env.KUBECTL !== undefined || spawnSync(kubectl, ['version', '--client']).status === 0
const pod = 'hello-6d4b75cb6d-x7k2p'

let cluster: TestCluster
let home: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'oidc-login-'))
  cluster = await startTestCluster()
  for (const user of ['john', 'jane'] as const) {
    const kubeconfig = JSON.stringify(kubeconfigFor(user, cluster))
    writeFileSync(kubeconfigPath(user), kubeconfig, { mode: 0o600 })
  }
})

afterAll(async () => {
  await cluster.stop()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

type User = 'john' | 'jane'

interface Result {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

function kubeconfigPath(user: User): string {
  return join(home, `${user}.json`)
}

function kubeconfigFor(user: User, { api, ...tokens }: TestCluster): object {
  const ca = Buffer.from(api.certificateAuthorityPem).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: api.url, 'certificate-authority-data': ca } }],
    users: [{ name: user, user: { token: tokens[user] } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user } }],
  }
}

/** kubectl keeps what it discovers in the home folder, which is a temporary one here. */
function start(user: User, args: readonly string[]): ChildProcess {
  const env = { ...process.env, HOME: home, USERPROFILE: home, KUBECONFIG: kubeconfigPath(user) }
  return spawn(kubectl, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
}

async function run(user: User, args: string, stdin = ''): Promise<Result> {
  const child = start(user, args.split(' '))
  child.stdin?.end(stdin)
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { exitCode, stdout, stderr }
}

/** Runs kubectl, expects it to succeed and returns what it printed. */
async function succeed(user: User, args: string, stdin = ''): Promise<string> {
  const { exitCode, stdout, stderr } = await run(user, args, stdin)
  expect({ args, exitCode, stderr }).toMatchObject({ args, exitCode: 0 })
  return stdout
}

/** The cells of a printed table. */
function rowsOf(printed: string): string[][] {
  const lines = printed.trimEnd().split('\n')
  return lines.map((line) => line.trimEnd().split(/\s+/))
}

/** Runs kubectl until it is stopped; the function that is returned waits for its next output. */
function watch(user: User, args: string): () => Promise<string> {
  const child = start(user, args.split(' '))
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const chunks = child.stdout?.setEncoding('utf8')[Symbol.asyncIterator]()
  return async () => String((await chunks?.next())?.value)
}

async function until(next: () => Promise<string>, text: string): Promise<void> {
  for (let printed = ''; !printed.includes(text); ) {
    const more = await next()
    if (more === 'undefined') throw new Error(`kubectl ended before it printed ${text}`)
    printed += more
  }
}

describe.skipIf(!isInstalled)('kubectl, as john,', () => {
  test('lists services', async () => {
    const [heading, first, second] = rowsOf(await succeed('john', 'get svc'))
    expect(heading).toEqual(['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'])
    expect(first?.slice(0, 5)).toEqual(['hello', 'ClusterIP', '10.96.44.12', '<none>', '80/TCP'])
    expect(second?.[0]).toBe('kubernetes')
  })

  test('lists services of all namespaces, wide, as YAML and by name', async () => {
    expect(await succeed('john', 'get svc -A')).toMatch(/kube-system\s+kube-dns/)
    expect(await succeed('john', 'get svc hello -o wide')).toMatch(/SELECTOR\n.*app=hello/)
    expect(await succeed('john', 'get svc hello -o yaml')).toMatch(/^kind: Service$/m)
    expect(await succeed('john', 'get svc -o name')).toBe('service/hello\nservice/kubernetes\n')
  })

  test('describes a service', async () => {
    expect(await succeed('john', 'describe svc hello')).toMatch(/^Selector:\s+app=hello$/m)
  })

  test('is told that pods are forbidden', async () => {
    expect(await run('john', 'get pods')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr:
        'Error from server (Forbidden): pods is forbidden: User "john" cannot list resource "pods" in API group "" in the namespace "default"\n',
    })
  })

  test('is told that a service does not exist', async () => {
    const { stderr } = await run('john', 'get svc none')
    expect(stderr).toBe('Error from server (NotFound): services "none" not found\n')
  })

  test('asks who john is and what he may do', async () => {
    expect(await succeed('john', 'auth whoami')).toMatch(/Username\s+john/)
    expect(await succeed('john', 'auth can-i list services')).toBe('yes\n')
    expect(await run('john', 'auth can-i list pods')).toMatchObject({ exitCode: 1, stdout: 'no\n' })
    expect(await succeed('john', 'auth can-i --list')).toMatch(/^services .*\[get list\]/m)
  })

  test('finds out about the server', async () => {
    expect(await succeed('john', 'version')).toMatch(/v1\.32\.0\+test/)
    expect(await succeed('john', 'cluster-info')).toContain(cluster.api.url)
    expect(await succeed('john', 'api-resources')).toMatch(
      /^services\s+svc\s+v1\s+true\s+Service$/m,
    )
    expect(await succeed('john', 'explain svc.spec.ports')).toContain('targetPort')
  })

  test('is refused with a token that is not accepted', async () => {
    const { stderr } = await run('john', 'get svc --token=nonsense')
    expect(stderr).toMatch(/must be logged in to the server/)
  })
})

describe.skipIf(!isInstalled)('kubectl, as jane,', () => {
  const configMap = (name: string, value: string): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { k: value } })

  test('lists pods', async () => {
    const [heading, ...rows] = rowsOf(await succeed('jane', 'get pods'))
    expect(heading).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'])
    expect(rows.map((row) => row.slice(0, 4))).toContainEqual([pod, '1/1', 'Running', '0'])
  })

  test('creates, labels, patches, selects and deletes a configmap', async () => {
    await succeed('jane', 'create configmap made --from-literal=k=v')
    await succeed('jane', 'label configmap made color=blue')
    await succeed('jane', 'patch configmap made --type=merge -p {"data":{"m":"1"}}')
    await succeed('jane', 'patch configmap made -p {"data":{"s":"2"}}')
    const data = await succeed('jane', 'get cm -l color=blue -o jsonpath={.items[*].data}')
    expect(JSON.parse(data)).toEqual({ k: 'v', m: '1', s: '2' })
    await succeed('jane', 'delete configmap made')
    const { stderr } = await run('jane', 'get configmap made')
    expect(stderr).toBe('Error from server (NotFound): configmaps "made" not found\n')
  })

  test('applies a configmap, again, and with a change', async () => {
    const apply = async (value: string): Promise<string> =>
      await succeed('jane', 'apply -f -', configMap('applied', value))
    expect(await apply('1')).toBe('configmap/applied created\n')
    expect(await apply('1')).toBe('configmap/applied unchanged\n')
    expect(await apply('2')).toBe('configmap/applied configured\n')
    expect(await succeed('jane', 'get cm applied -o jsonpath={.data.k}')).toBe('2')
  })

  test('is told of a field that does not exist', async () => {
    const typo = configMap('typo', '1').replace('"data"', '"dta"')
    const { exitCode, stderr } = await run('jane', 'apply -f -', typo)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('strict decoding error: unknown field "dta"')
  })

  test('makes and removes a namespace', async () => {
    await succeed('jane', 'create namespace short')
    await succeed('jane', 'create configmap in-it --namespace short')
    await succeed('jane', 'delete namespace short')
    expect(await succeed('jane', 'get ns -o name')).not.toContain('short')
  })

  test('reads a log and follows it', async () => {
    expect(await succeed('jane', `logs ${pod}`)).toBe('listening on :8080\nready\n')
    const next = watch('jane', `logs -f --tail=1 ${pod}`)
    await until(next, 'ready')
    cluster.api.writeLog('default', pod, 'one more line')
    await until(next, 'one more line')
  })

  test('watches services', async () => {
    const next = watch('jane', 'get svc --watch')
    await until(next, 'kubernetes')
    await succeed('jane', `expose pod ${pod} --port=80 --name=exposed`)
    await until(next, 'exposed')
    await succeed('jane', 'delete svc exposed')
  })
})
