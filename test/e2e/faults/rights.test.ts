import { describe, expect, test } from 'vitest'
import { programs } from '../../cluster/index.ts'
import { type Json, textAt } from '../../world/api/json.ts'
import { send, stream, type TestAnswer } from '../../world/api/test-client.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { installedForFile, type RunningGateway, type Way } from './installed.ts'
import { kubectlAs, kubectlPath } from './kubectl-as.ts'
import { metric, probe } from './looks.ts'

const installed = installedForFile()

const configMaps = (): string => `/api/v1/namespaces/${installed().namespace}/configmaps`

async function get(way: Way, query = ''): Promise<TestAnswer> {
  return await send(way.api, { path: `${configMaps()}${query}`, ...way.credential })
}

async function served(): Promise<RunningGateway> {
  const gateway = await installed().serve()
  await eventually(async () => (await probe(gateway, '/readyz')).status === 200)
  return gateway
}

describe.skipIf(!programs || !kubectlPath)('what a gateway lives from in a real cluster', () => {
  test('a right to impersonate that is taken away is told as the gateway’s own, and works again when it is back', async () => {
    const gateway = await served()
    const john = await installed().john(gateway.port)
    const home = temporaryFolder()
    expect(await kubectlAs(john, 'get configmaps', home).ended).toMatchObject({ exitCode: 0 })
    const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'
    const binding = await installed().cluster.api.get(`${bindings}/${installed().bindingName}`)
    await installed().cluster.api.remove(`${bindings}/${installed().bindingName}`)

    await eventually(async () => (await get(john)).status !== 200)
    const refused = await get(john)
    expect(refused.json).toMatchObject({ kind: 'Status', code: 502, reason: 'BadGateway' })
    const told = [
      kubectlAs(john, 'get configmaps', home),
      kubectlAs(john, 'exec hello -- true', home),
      // It looks first what the cluster knows, and prints only plain text of an error there.
      kubectlAs(john, 'get configmaps'),
    ]
    for (const { ended } of told) {
      const { exitCode, stderr } = await ended
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(
          /The gateway itself lacks the right to impersonate.*oidc-gateway doctor/,
        ),
      })
      expect(stderr).not.toMatch(/Forbidden|serviceaccount/)
    }
    await gateway.said(
      /does not let the gateway impersonate \(.*cannot impersonate.*oidc-gateway doctor/,
    )
    const ready = await probe(gateway, '/readyz')
    expect(ready).toMatchObject({ status: 503, body: expect.stringContaining('[-] impersonation') })
    const series = 'oidc_gateway_upstream_outcome{outcome="impersonation_refused"}'
    expect(await metric(gateway, series)).toBe(1)

    const { kind, roleRef, subjects } = Object(binding)
    const apiVersion = 'rbac.authorization.k8s.io/v1'
    const metadata = { name: installed().bindingName }
    await installed().cluster.api.create(bindings, {
      apiVersion,
      kind,
      metadata,
      roleRef,
      subjects,
    })
    await eventually(async () => (await get(john)).status === 200)
    await eventually(async () => (await probe(gateway, '/readyz')).status === 200)
    expect(await metric(gateway, series)).toBe(0)
  })

  test('a bound token that kubelet renews is used by every new request, and ends none', async () => {
    const gateway = await served()
    const john = await installed().john(gateway.port)
    const watch = await stream(john.api, { path: `${configMaps()}?watch=1`, ...john.credential })
    const statuses = new Set<number>()
    let rounds = 0
    let isOver = false
    const busy = async (): Promise<void> => {
      while (!isOver) {
        statuses.add((await get(john, `?limit=1&round=${rounds}`)).status)
        rounds += 1
      }
    }
    const load = Promise.all([busy(), busy(), busy(), busy()])
    const before = await credentialOf(john, 'before')
    gateway.renewToken(await installed().newToken())
    await gateway.said(/Certificates, keys and tokens were read again/)
    const after = await credentialOf(john, 'after')
    expect(after).toMatch(/^JTI=/)
    expect(after).not.toBe(before)
    isOver = true
    await load
    expect([...statuses]).toEqual([200])
    expect(rounds).toBeGreaterThan(4)

    await installed().cluster.api.create(configMaps(), { metadata: { name: 'after-the-renewal' } })
    while (!(await watch.next())?.includes('after-the-renewal'));
    watch.close()
  })
})

/** The id of the credential by which the gateway sent a request, as the API server recorded it. */
async function credentialOf(way: Way, mark: string): Promise<string> {
  expect((await get(way, `?limit=1&mark=${mark}`)).status).toBe(200)
  const [event] = await installed().cluster.auditEvents({
    isWanted: (each: Json) => textAt(each, 'requestURI').endsWith(`mark=${mark}`),
  })
  const extra = Object(Object(Object(event).user).extra)
  return String(extra['authentication.kubernetes.io/credential-id'])
}
