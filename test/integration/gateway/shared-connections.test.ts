import { expect, test } from 'vitest'
import { gatewayWith, type TestGateway } from '../../world/gateway/gateway-with.ts'
import type { RawClient } from '../../world/gateway/raw-client.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { type SharedApi, type SharedWatch, startSharedApi } from '../../world/gateway/shared-api.ts'
import { stable } from '../../world/gateway/stable.ts'
import { gatewayToken, tokens } from '../../world/gateway/tokens.ts'

interface Stage {
  readonly gateway: TestGateway
  readonly api: SharedApi
  /** Opens a watch, and answers its head. */
  watch(target?: string): Promise<{ readonly client: RawClient; readonly source: SharedWatch }>
}

async function stage(maxRequests?: number): Promise<Stage> {
  const gateway = await gatewayWith()
  const api = await startSharedApi(gateway.authority, maxRequests)
  gateway.upstream.replace({ ...gateway.upstream.access(), server: api.url })
  return {
    gateway,
    api,
    async watch(target = '/api/v1/pods?watch=1') {
      const client = await gateway.connect()
      client.write(asJohn(`GET ${target}`))
      const source = await api.arrived(api.watches.length + 1)
      source.stream.respond({ ':status': 200, 'content-type': 'application/json' })
      await client.until('\r\n\r\n')
      return { client, source }
    },
  }
}

test('watches share a connection; each has its own lines and its own events', async () => {
  const { gateway, watch } = await stage()
  const one = await watch('/api/v1/pods?watch=1&labelSelector=a%20b')
  const two = await watch()
  expect([one.source.connection, two.source.connection]).toEqual([0, 0])
  const { source } = one
  expect(source.values(':path')).toEqual(['/api/v1/pods?watch=1&labelSelector=a%20b'])
  expect(source.values(':authority')).toEqual([gateway.upstream.authority()])
  expect(source.values('impersonate-user')).toEqual(['john'])
  expect(source.values('impersonate-group')).toEqual(['developers'])
  expect(source.values('authorization')).toEqual([`Bearer ${gatewayToken}`])
  two.source.stream.write('{"for":"two"}\n')
  one.source.stream.write('{"for":"one"}\n')
  expect(await one.client.until('}\n')).toContain('{"for":"one"}')
  expect(await two.client.until('}\n')).toContain('{"for":"two"}')
})

test('B14 a token that is passed on shares no connection with ours, nor our certificate', async () => {
  const { gateway, api } = await stage()
  const { certPem, keyPem } = await gateway.authority.issue({ commonName: 'gateway', client: true })
  gateway.upstream.replace({
    ...gateway.upstream.access(),
    credential: { kind: 'certificate', certificate: certPem, key: keyPem },
  })
  const john = await gateway.connect()
  john.write(asJohn('GET /api/v1/pods?watch=1'))
  await api.arrived(1)
  const account = await gateway.connect()
  account.write(
    withLines(
      'GET /api/v1/pods?watch=1',
      'Host: x',
      `Authorization: Bearer ${tokens.serviceAccount}`,
      'Impersonate-Group: one',
      'Impersonate-Group: two, three',
    ),
  )
  const theirs = await api.arrived(2)
  const [ours] = api.watches
  expect([ours?.clientName, theirs.clientName]).toEqual(['gateway', undefined])
  expect(theirs.connection).not.toBe(ours?.connection)
  expect(ours?.values('authorization')).toEqual([])
  expect(theirs.values('authorization')).toEqual([`Bearer ${tokens.serviceAccount}`])
  expect(theirs.values('impersonate-group')).toEqual(['one', 'two, three'])
})

test('a client that goes away ends its watch and no other', async () => {
  const { watch } = await stage()
  const gone = await watch()
  const stays = await watch()
  gone.client.destroy()
  expect(await gone.source.givenUp).toBe(8)
  stays.source.stream.write('{}\n')
  expect(await stays.client.until('{}\n')).toContain('{}')
})

test('what a connection cannot take goes upon another one', async () => {
  const { watch } = await stage(2)
  const places = [await watch(), await watch(), await watch()].map(
    ({ source }) => source.connection,
  )
  expect(places).toEqual([0, 0, 1])
})

test('a place is free again only after the API server had time to end what was given up', async () => {
  const { watch } = await stage(1)
  const first = await watch()
  first.client.destroy()
  await first.source.givenUp
  expect((await watch()).source.connection).toBe(1)
})

test('a watch that ends ends for its client, and one that is cut is cut', async () => {
  const { watch } = await stage()
  const whole = await watch()
  whole.source.stream.end('{}\n')
  expect(await whole.client.until('0\r\n\r\n')).toContain('{}\n')
  const cut = await watch()
  cut.source.stream.write('{"half":')
  await cut.client.until('half')
  cut.source.stream.destroy(new Error('cut'))
  expect((await cut.client.closed()).toString()).not.toContain('\r\n0\r\n')
})

test('G5 a watcher that does not read stops its source and no other', async () => {
  const { watch } = await stage()
  const slow = await watch()
  const quick = await watch()
  let sent = 0
  const piece = Buffer.alloc(64 * 1024, 'x')
  const fill = (): void => {
    let isTaken = true
    while (isTaken && sent < 4096 * piece.length) {
      sent += piece.length
      isTaken = slow.source.stream.write(piece)
    }
  }
  slow.source.stream.on('drain', fill)
  slow.client.pause()
  fill()
  await stable(() => sent)
  expect(sent).toBeLessThan(32 * 1024 * 1024)
  quick.source.stream.write('{}\n')
  expect(await quick.client.until('}\n')).toContain('{}')
})

test('H12 with a new credential new watches go upon a new connection, and old ones go on', async () => {
  const { gateway, watch } = await stage()
  const old = await watch()
  gateway.upstream.replace({
    ...gateway.upstream.access(),
    credential: { kind: 'token', token: 'renewed' },
  })
  const fresh = await watch()
  expect(fresh.source.connection).toBe(1)
  expect(fresh.source.values('authorization')).toEqual(['Bearer renewed'])
  old.source.stream.write('{}\n')
  expect(await old.client.until('{}\n')).toContain('{}')
})

test('an API server that goes away gracefully keeps its watches and gets no new ones', async () => {
  const { watch } = await stage()
  const old = await watch()
  old.source.session.goaway(0)
  const fresh = await watch()
  expect(fresh.source.connection).toBe(1)
  old.source.stream.write('{}\n')
  expect(await old.client.until('{}\n')).toContain('{}')
})

test('a watch that was refused unread is sent once more', async () => {
  const { gateway, api } = await stage()
  const client = await gateway.connect()
  client.write(asJohn('GET /api/v1/pods?watch=1'))
  const refused = await api.arrived(1)
  refused.stream.close(7)
  const again = await api.arrived(2)
  again.stream.respond({ ':status': 200 })
  again.stream.end('{}')
  expect((await client.response()).status).toBe(200)
})

test('what comes at once is passed on in its order: head, events, trailers', async () => {
  const { gateway, api } = await stage()
  const client = await gateway.connect()
  client.write(asJohn('GET /api/v1/pods?watch=1'))
  const { stream } = await api.arrived(1)
  stream.respond({ ':status': 200, trailer: 'x-sum' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '2' }))
  stream.write('{}\n')
  stream.end('{"last":1}\n')
  const answer = await client.response()
  expect(answer.status).toBe(200)
  expect(answer.body).toBe('{}\n{"last":1}\n')
  expect(answer.trailers).toEqual([['x-sum', '2']])
})

test('an API server that does not speak HTTP/2 is asked once, and then no more', async () => {
  const gateway = await gatewayWith()
  for (const target of ['/api/v1/pods?watch=1', '/api/v1/nodes?watch=1']) {
    expect((await gateway.send(asJohn(`GET ${target}`))).status).toBe(200)
  }
  expect(gateway.recorder.requests.map(({ target }) => target)).toEqual([
    '/api/v1/pods?watch=1',
    '/api/v1/nodes?watch=1',
  ])
  expect(gateway.recorder.connections().opened).toBe(2)
})
