import { describe, expect, onTestFinished, test } from 'vitest'
import { programs } from '../../cluster/index.ts'
import { textAt } from '../../world/api/json.ts'
import { send, stream } from '../../world/api/test-client.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { installedForFile, type RunningGateway, type Way } from './installed.ts'
import { kubectlAs, kubectlPath } from './kubectl-as.ts'
import { auditLines, probe } from './looks.ts'

const installed = installedForFile()

const configMaps = (): string => `/api/v1/namespaces/${installed().namespace}/configmaps`

/** Longer than the balancer needs to notice, as the operator's manual asks. */
const operations = 'drainDelay: 3s, drainTimeout: 20s'

/** Starts a replica and lets the balancer find it. */
async function replica(balancer: Balancer): Promise<RunningGateway> {
  const gateway = await installed().serve({ operations })
  const isReady = async (): Promise<boolean> => (await probe(gateway, '/readyz')).status === 200
  await balancer.add({ port: gateway.port, isReady })
  return gateway
}

/** Asks again and again until it is stopped, each time on a new connection. */
function asking(way: Way) {
  const outcomes: string[] = []
  let isOver = false
  const run = async (): Promise<void> => {
    while (!isOver) {
      const path = `${configMaps()}?limit=1`
      outcomes.push(
        await send(way.api, { path, ...way.credential }).then(
          ({ status }) => `${status}`,
          (error: unknown) => String(error),
        ),
      )
    }
  }
  const running = Promise.all(Array.from({ length: 4 }, run))
  return {
    async stop(): Promise<readonly string[]> {
      isOver = true
      await running
      return outcomes
    },
  }
}

/** A watch that goes on where it was when its connection ends, as those of client-go do. */
async function following(way: Way) {
  const list = await send(way.api, { path: configMaps(), ...way.credential })
  let version = textAt(list.json, 'metadata.resourceVersion')
  const seen: string[] = []
  const ends: string[] = []
  let isOver = false
  async function once(): Promise<void> {
    const path = `${configMaps()}?watch=1&resourceVersion=${version}`
    const events = await stream(way.api, { path, ...way.credential })
    for (;;) {
      const line = await events.next()
      if (line === undefined) return
      const event = JSON.parse(line)
      version = textAt(event, 'object.metadata.resourceVersion')
      if (textAt(event, 'type') === 'ADDED') seen.push(textAt(event, 'object.metadata.name'))
      if (isOver) return events.close()
    }
  }
  const running = (async () => {
    while (!isOver) ends.push(await once().then(() => 'ended', String))
  })()
  return {
    seen,
    async stop(): Promise<readonly string[]> {
      isOver = true
      await installed().cluster.api.create(configMaps(), { metadata: { name: 'the-last' } })
      await running
      return ends
    },
  }
}

describe.skipIf(!programs || !kubectlPath)('a rollout of the gateway', () => {
  test('no request fails, no event is lost, and streams have their time', async () => {
    const balancer = await startBalancer()
    onTestFinished(() => balancer.stop())
    const old = [await replica(balancer), await replica(balancer)]
    const john = await installed().john(balancer.port)
    const load = asking(john)
    const watch = await following(john)
    const shell = kubectlAs(john, 'exec hello -- sh -c sleep\t8;echo\tdone')
    const waiting = kubectlAs(john, 'wait --for=create configmap/made-9 --timeout=120s')
    // One look at what the cluster knows is enough for all that share a home.
    const home = temporaryFolder()
    expect(await kubectlAs(john, 'get configmaps', home).ended).toMatchObject({ exitCode: 0 })
    const watching = kubectlAs(john, 'get configmaps --watch')
    await watching.printed(/kube-root-ca\.crt/)
    const gets: ReturnType<typeof kubectlAs>[] = []
    let made = 0
    const make = async (): Promise<void> => {
      await installed().cluster.api.create(configMaps(), { metadata: { name: `made-${made}` } })
      made += 1
    }
    for (const gateway of old) {
      await make()
      await replica(balancer)
      await make()
      const parallel = [...Array(50)].map(() => kubectlAs(john, 'get configmaps', home))
      gets.push(...parallel)
      await parallel[0]?.printed(/^NAME/)
      gateway.child.kill('SIGTERM')
      await eventually(async () => (await probe(gateway, '/readyz')).status === 503)
      await make()
      expect((await gateway.ended).exitCode).toBe(0)
      await make()
    }
    while (made < 10) await make()
    expect(await waiting.ended).toMatchObject({ exitCode: 0 })
    expect(await shell.ended).toMatchObject({ exitCode: 0, stdout: 'done\n' })
    const watched = await watching.ended
    expect(watched).toMatchObject({ exitCode: 0, stderr: '' })
    expect(watched.stdout).toMatch(/^made-0 /m)
    expect(gets.length).toBe(100)
    for (const { ended } of gets) expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    const outcomes = await load.stop()
    const ends = await watch.stop()
    expect([...new Set(outcomes)]).toEqual(['200'])
    expect(new Set(ends)).toEqual(new Set(['ended']))
    expect(watch.seen.filter((name) => name.startsWith('made-'))).toEqual(
      [...Array(10)].map((_, index) => `made-${index}`),
    )
    const cut = old.flatMap(auditLines).filter((line) => textAt(line, 'closeReason') === 'drained')
    expect(new Set(cut.map((line) => textAt(line, 'verb')))).toEqual(new Set(['watch']))
  })
})
