import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type ControlPlane, programs, startControlPlane } from '../../cluster/index.ts'
import { textAt } from '../../world/api/json.ts'
import { send, stream, type TestAnswer, type TestStream } from '../../world/api/test-client.ts'
import type { AtEnd } from '../../world/gateway/at-end.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import type { KubectlResult } from '../kubectl-run.ts'
import { type Installed, install, type RunningGateway, type Way } from './installed.ts'
import { kubectlAs, kubectlPath } from './kubectl-as.ts'
import { auditLines, connectionsTo, metric, probe } from './looks.ts'

let cluster: ControlPlane
let installed: Installed
const endings: Parameters<AtEnd>[0][] = []

beforeAll(async () => {
  if (!programs) return
  cluster = await startControlPlane({ controllers: false, flags: ['--request-timeout=5s'] })
  endings.push(cluster.stop)
  installed = await install(cluster, (end) => void endings.push(end))
  const pod = `/api/v1/namespaces/${installed.namespace}/pods/hello`
  await eventually(async () => textAt(await cluster.api.get(pod), 'status.phase') === 'Running')
})

afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

const configMaps = (): string => `/api/v1/namespaces/${installed.namespace}/configmaps`

async function get(way: Way, path = configMaps()): Promise<TestAnswer> {
  return await send(way.api, { path, ...way.credential })
}

/** Waits until the gateway is ready to be used, and nothing is under way. */
async function served(more?: string): Promise<RunningGateway> {
  const gateway = await installed.serve(more === undefined ? {} : { more })
  await eventually(async () => (await probe(gateway, '/readyz')).status === 200)
  return gateway
}

const upstreamPort = (): number => Number(new URL(cluster.server).port)

/** Streams of kubectl and of a plain client, one way and the other; all have begun. */
async function streamsOf(ways: readonly Way[]) {
  const since = new Date().toISOString()
  const streams = await Promise.all(
    ways.map(async (way) => ({
      watch: kubectlAs(way, 'get pods --watch -o name'),
      shell: kubectlAs(way, 'exec hello -- sh -c echo\tbegun;sleep\t600'),
      plain: await stream(way.api, { path: `${configMaps()}?watch=1`, ...way.credential }),
    })),
  )
  await Promise.all(streams.map(async ({ shell }) => await shell.printed(/begun/)))
  await cluster.auditEvents({
    isWanted: (event) =>
      textAt(event, 'verb') === 'watch' &&
      textAt(event, 'stage') === 'ResponseStarted' &&
      textAt(event, 'stageTimestamp') > since,
    atLeast: 2 * ways.length,
  })
  return streams.map((each) => async () => ({
    watch: await each.watch.ended,
    shell: withoutTimes(await each.shell.ended),
    plain: await howItEnds(each.plain),
  }))
}

/** The log lines of kubectl come from two threads. */
function withoutTimes({ exitCode, stdout, stderr }: KubectlResult) {
  const lines = stderr
    .replaceAll(/^E\d+ [\d:.]+ +\d+ /gm, '')
    .split('\n')
    .sort()
  return { exitCode, stdout, lines }
}

async function howItEnds({ next }: TestStream): Promise<'ended' | 'cut'> {
  try {
    while ((await next()) !== undefined);
    return 'ended'
  } catch {
    return 'cut'
  }
}

/** How each stream of a gateway's clients has ended: what it was, why, and its status. */
function endingsOf(gateway: RunningGateway): readonly string[] {
  return auditLines(gateway)
    .filter((line) => textAt(line, 'stage') === 'ResponseComplete')
    .map((line) => ({ line, kind: textAt(line, 'subresource') || textAt(line, 'verb') }))
    .filter(({ kind }) => kind === 'exec' || kind === 'watch')
    .map(({ line, kind }) => `${kind} ${textAt(line, 'closeReason')} ${textAt(line, 'code')}`)
    .sort()
}

describe.skipIf(!programs || !kubectlPath)('a gateway whose API server fails', () => {
  test.each([
    { how: 'stopped', watchEnding: 'completed' },
    { how: 'killed', watchEnding: 'upstream_aborted' },
  ] as const)(
    'an API server that is $how ends streams as it does without the gateway, and is used again at once',
    async ({ how, watchEnding }) => {
      const gateway = await served()
      const through = await installed.john(gateway.port)
      const streams = await streamsOf([await installed.john(), through])
      if (how === 'killed') cluster.signalApiServer('KILL')
      await cluster.stopApiServer()
      const [direct, found] = await Promise.all(streams.map((ends) => ends()))
      expect(found).toEqual(direct)
      await eventually(async () => endingsOf(gateway).length === 3)
      expect(endingsOf(gateway)).toEqual([
        'exec upstream_aborted 101',
        `watch ${watchEnding} 200`,
        `watch ${watchEnding} 200`,
      ])

      const down = await get(through)
      expect(down).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
      expect(down.json).toMatchObject({ kind: 'Status', reason: 'ServiceUnavailable', code: 503 })
      await gateway.said(/The API server does not answer: no connection can be opened/)
      expect(await probe(gateway, '/readyz')).toMatchObject({
        status: 200,
        body: expect.stringContaining('[+] upstream (does not answer at the moment'),
      })
      expect(await outcomeOf(gateway)).toBe('unreachable')
      expect(connectionsTo(gateway, upstreamPort())).toBe(0)

      await cluster.startApiServer()
      expect((await get(through)).status).toBe(200)
      expect(await kubectlAs(through, 'get pods -o name').ended).toMatchObject({ exitCode: 0 })
      await eventually(async () => (await outcomeOf(gateway)) === 'good')
      expect((await probe(gateway, '/readyz')).body).not.toContain('moment')
      expect(await metric(gateway, 'oidc_gateway_in_flight_requests{kind="upgrade"}')).toBe(0)
      expect(await metric(gateway, 'oidc_gateway_in_flight_requests{kind="watch"}')).toBe(0)
      expect(await metric(gateway, 'oidc_gateway_open_connections')).toBe(0)
    },
  )

  test('an API server that takes connections and says nothing is told by 504, and is used again at once', async () => {
    const gateway = await served('limits: {answerTimeout: 2s}')
    const john = await installed.john(gateway.port)
    const watch = await stream(john.api, { path: `${configMaps()}?watch=1`, ...john.credential })
    const asJane = async (): Promise<TestAnswer> =>
      await send(john.api, {
        path: configMaps(),
        ...john.credential,
        headers: { 'Impersonate-User': 'jane' },
      })
    expect((await get(john)).status).toBe(200)
    expect((await asJane()).status).toBe(403)

    cluster.signalApiServer('STOP')
    onTestFinished(() => cluster.signalApiServer('CONT'))
    const [short, reviewed, shell] = await Promise.all([
      get(john),
      asJane(),
      kubectlAs(john, 'exec hello -- true').ended,
    ])
    expect(short.json).toMatchObject({ kind: 'Status', code: 504, reason: 'Timeout' })
    expect(short.text).toContain('The API server did not begin to answer in time.')
    expect(reviewed.json).toMatchObject({ code: 503, reason: 'ServiceUnavailable' })
    expect(reviewed.text).toContain('did not say in time whether you may impersonate')
    expect(shell.stderr).toMatch(/^Error from server \(Timeout\)/m)
    await gateway.said(/The API server does not answer: .* in time/)
    expect((await probe(gateway, '/readyz')).status).toBe(200)

    cluster.signalApiServer('CONT')
    expect((await get(john)).status).toBe(200)
    expect((await asJane()).status).toBe(403)
    await eventually(async () => (await outcomeOf(gateway)) === 'good')
    const name = 'made-afterwards'
    await cluster.api.create(configMaps(), { metadata: { name } })
    for (;;) {
      const line = await watch.next()
      if (line === undefined) throw new Error('the watch has ended')
      if (line.includes(name)) break
    }
    watch.close()
    await eventually(async () => connectionsTo(gateway, upstreamPort()) <= 3)
  })

  test('what an API server without etcd answers is passed on, and the gateway stays ready', async () => {
    const gateway = await served()
    const [direct, through] = [await installed.john(), await installed.john(gateway.port)]
    cluster.signalEtcd('STOP')
    onTestFinished(() => cluster.signalEtcd('CONT'))
    const made = { metadata: { generateName: 'made-' } }
    const answers = await Promise.all([
      send(through.api, {
        method: 'POST',
        path: configMaps(),
        ...through.credential,
        body: made,
      }),
      get(through, `${configMaps()}/none`),
    ])
    // kube-apiserver may also hang up over HTTP/1.1 when the time of a request is over.
    for (const { status, text } of answers) {
      expect([504, 502]).toContain(status)
      expect(text).toMatch(
        status === 504
          ? /request did not complete within the allotted timeout/
          : /The API server closed the connection before it answered/,
      )
    }
    expect(await outcomeOf(gateway)).toBe('good')
    expect((await probe(gateway, '/readyz')).status).toBe(200)

    cluster.signalEtcd('CONT')
    await eventually(async () => (await get(direct)).status === 200)
    expect((await get(through)).status).toBe(200)
  })
})

/** How the API server received the gateway's last own request. */
async function outcomeOf(gateway: RunningGateway): Promise<string | undefined> {
  const { body } = await probe(gateway, '/metrics')
  return /^oidc_gateway_upstream_outcome\{outcome="(\w+)"\} 1$/m.exec(body)?.[1]
}
