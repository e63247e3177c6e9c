import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { identity } from '../../../src/gateway/testing/samples.ts'
import { claimsOf } from '../../world/api/test-cluster.ts'
import { gatewayWith, judgeAs, type TestGateway } from '../../world/gateway/gateway-with.ts'
import { gatewayWorld } from '../../world/gateway/program.ts'
import { connectRaw, type RawClient } from '../../world/gateway/raw-client.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { tokens } from '../../world/gateway/tokens.ts'

/** Sends requests on one connection, each when the answer before it is there. @returns their statuses */
async function inTurn(client: RawClient, requests: readonly string[]): Promise<number[]> {
  const statuses: number[] = []
  for (const request of requests) {
    client.write(request)
    statuses.push((await client.response()).status)
  }
  return statuses
}

/** What arrived, without what no two requests have in common. */
function arrived({ recorder }: TestGateway): string[] {
  return recorder.requests.map(({ head }) =>
    head.replace(/Audit-ID: [-0-9a-f]{36}\r\n/, 'Audit-ID: id\r\n'),
  )
}

const targets = ['/1', '/2', '/3?a=b', '/4', '/4']

test('a request with the lines of the one before arrives as if it were the first', async () => {
  const repeating = await gatewayWith()
  const fresh = await gatewayWith()
  const requests = targets.map((target) => asJohn(`GET ${target}`, 'Accept: */*', 'X-A: 1'))
  await inTurn(await repeating.connect(), requests)
  for (const request of requests) await inTurn(await fresh.connect(), [request])
  const port = new RegExp(`:${new URL(repeating.recorder.url).port}`)
  const freshPort = `:${new URL(fresh.recorder.url).port}`
  expect(arrived(repeating).map((head) => head.replace(port, freshPort))).toEqual(arrived(fresh))
  expect(repeating.exchanges.map(({ target }) => target)).toEqual(targets)
  const ids = repeating.recorder.requests.flatMap(({ values }) => values('audit-id'))
  expect(new Set(ids).size).toBe(targets.length)
  expect(ids).toEqual(repeating.exchanges.map(({ auditId }) => auditId))
})

test('A1 who shows another token upon a connection is another, before and after', async () => {
  const gateway = await gatewayWith()
  const of = (token: string): string =>
    withLines('GET /api', 'Host: x', `Authorization: Bearer ${token}`)
  const [john, jane] = [of(tokens.john), of(tokens.jane)]
  await inTurn(await gateway.connect(), [john, john, john, jane, john, jane, jane, jane, john])
  expect(gateway.recorder.requests.flatMap(({ values }) => values('impersonate-user'))).toEqual([
    'john',
    'john',
    'john',
    'jane',
    'john',
    'jane',
    'jane',
    'jane',
    'john',
  ])
})

test('A1 A6 what stands before, within or behind lines that are known is looked at', async () => {
  const gateway = await gatewayWith()
  const good = asJohn('GET /api')
  const evil = 'Impersonate-User: admin\r\n'
  const behind = good.replace(/\r\n$/, `${evil}\r\n`)
  const before = good.replace('Host:', `${evil}Host:`)
  const twice = good.replace('Host:', 'Host: y\r\nHost:')
  const client = await gateway.connect()
  expect(await inTurn(client, [good, good, good, behind, good, before, good, twice])).toEqual([
    200, 200, 200, 403, 200, 403, 200, 400,
  ])
  await gateway.expectArrived(5)
  expect(gateway.recorder.bytes()).not.toContain('admin')
})

test('D1 D4 the target and the method are looked at each time', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  const known = ['GET /a', 'GET /a', 'GET /a']
  const refused = ['GET /a/../b', 'GET //a', 'GET /%2e%2e/b', 'GET http://x/', 'GET /%zz']
  const starts = [...known, ...refused, 'TRACE /a', 'DELETE /a', 'GET /a']
  expect(
    await inTurn(
      client,
      starts.map((start) => asJohn(start)),
    ),
  ).toEqual([200, 200, 200, 400, 400, 400, 400, 400, 405, 200, 200])
  await gateway.expectArrived(5)
})

test('E1 lines that are known carry no body: what comes behind them is a request', async () => {
  const gateway = await gatewayWith()
  const good = asJohn('POST /api')
  const client = await gateway.connect()
  await inTurn(client, [good, good, good])
  client.write(`${good}${asJohn('GET /second')}`)
  expect((await client.response()).status).toBe(200)
  expect((await client.response()).status).toBe(200)
  client.write(`${good}smuggled\r\n\r\n`)
  await client.closed()
  await gateway.expectArrived(5)
  expect(gateway.recorder.bytes()).not.toContain('smuggled')
})

test('H12 a new credential of the gateway is used for the next request, whatever is known', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  const good = asJohn('GET /api')
  await inTurn(client, [good, good, good])
  const access = gateway.upstream.access()
  gateway.upstream.replace({ ...access, credential: { kind: 'token', token: 'renewed' } })
  await inTurn(client, [good, good])
  expect(gateway.recorder.requests.flatMap(({ values }) => values('authorization'))).toEqual([
    'Bearer gateway-secret',
    'Bearer gateway-secret',
    'Bearer gateway-secret',
    'Bearer renewed',
    'Bearer renewed',
  ])
})

test('A6 another decision about the same lines is another head', async () => {
  let count = 0
  const [first, second] = [identity({ username: 'john' }), identity({ username: 'johanna' })]
  const gateway = await gatewayWith({
    judge: judgeAs(() => {
      count += 1
      return count < 4 ? first : second
    }),
  })
  await inTurn(
    await gateway.connect(),
    Array.from({ length: 5 }, () => asJohn('GET /api')),
  )
  expect(gateway.recorder.requests.flatMap(({ values }) => values('impersonate-user'))).toEqual([
    'john',
    'john',
    'john',
    'johanna',
    'johanna',
  ])
})

test('a token that is passed on travels alone each time', async () => {
  const gateway = await gatewayWith()
  const passed = withLines(
    'GET /api',
    'Host: x',
    `Authorization: Bearer ${tokens.serviceAccount}`,
    'Impersonate-User: jane',
  )
  await inTurn(await gateway.connect(), [passed, passed, passed, passed])
  for (const { values } of gateway.recorder.requests) {
    expect(values('authorization')).toEqual([`Bearer ${tokens.serviceAccount}`])
    expect(values('impersonate-user')).toEqual(['jane'])
  }
})

test('C29 lines that no request has had for a while are not kept', async () => {
  const seen: boolean[] = []
  const john = identity({ username: 'john' })
  const { judge } = judgeAs(() => john)
  const gateway = await gatewayWith({
    judge: {
      judge(request, ...more) {
        seen.push(request.repeatsLines)
        return judge(request, ...more)
      },
    },
  })
  const client = await gateway.connect()
  const request = asJohn('GET /api')
  await inTurn(client, [request, request, request])
  // Connections are looked over every second.
  await sleep(3_500)
  await inTurn(client, [request, request])
  expect(seen).toEqual([false, false, true, false, true])
})

test('C29 lines that are known do not outlive their token', async () => {
  const world = await gatewayWorld()
  const { port } = await world.serve()
  const expiresAt = Math.ceil(Date.now() / 1000) + 4
  const token = await world.issuer.sign({ ...claimsOf('jane', 'cluster-admins'), exp: expiresAt })
  const client = await connectRaw({ port, certificateAuthority: world.authority.certPem })
  const request = withLines(
    'GET /api/v1/namespaces/default/services',
    `Host: localhost:${port}`,
    `Authorization: Bearer ${token}`,
  )
  let last = 200
  let successes = 0
  while (last === 200) {
    const askedAt = Date.now()
    last = (await inTurn(client, [request]))[0] ?? 0
    if (last === 200) {
      successes += 1
      expect(askedAt).toBeLessThan(expiresAt * 1000)
    }
  }
  expect(last).toBe(401)
  expect(successes).toBeGreaterThan(3)
})
