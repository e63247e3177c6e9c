import { expect, test } from 'vitest'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import { asJohn } from '../../world/gateway/requests.ts'
import { watching } from '../../world/gateway/scripts.ts'
import { stable } from '../../world/gateway/stable.ts'
import { tokens } from '../../world/gateway/tokens.ts'
import { testSystem } from '../../world/system.ts'

const watch = 'GET /api/v1/pods?watch=true'
const exec = 'GET /api/v1/namespaces/default/pods/hello/exec?command=sh'
const webSocket = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: a',
  'Sec-WebSocket-Version: 13',
]

test('the head of a watch and each of its events are passed on at once', async () => {
  const source = watching()
  const gateway = await gatewayWith({ script: source.script })
  const client = await gateway.connect()
  client.write(asJohn(watch))
  await client.until('\r\n\r\n')
  const { send } = await source.begun()
  send('{"type":"ADDED"}\n')
  await client.until('{"type":"ADDED"}\n')
  send('{"type":"MODIFIED"}\n')
  await client.until('{"type":"MODIFIED"}\n')
})

test('a client that goes away ends its watch at the API server', async () => {
  const source = watching()
  const gateway = await gatewayWith({ script: source.script })
  const client = await gateway.connect()
  client.write(asJohn(watch))
  await client.until('\r\n\r\n')
  client.destroy()
  await gateway.recorder.settled(0)
  expect(await gateway.ended(1)).toMatchObject({ status: 200, closeReason: 'client_aborted' })
})

test('G4 long requests take no connection from short ones, and are refused when theirs are used up', async () => {
  const source = watching()
  const gateway = await gatewayWith({
    script: source.script,
    limits: { maxUpstreamConnections: 1 },
  })
  const client = await gateway.connect()
  client.write(asJohn(watch))
  await client.until('\r\n\r\n')
  await gateway.expectFence()
  // Of another user: John himself would be told that he has too many.
  const second = await gateway.send(asJohn(watch).replace(tokens.john, tokens.jane))
  expect(second.status).toBe(503)
  expect(second.values('retry-after')).toEqual(['1'])
  expect(second.json()).toMatchObject({ details: { causes: [{ reason: 'overloaded' }] } })
})

test('G5 a watcher that does not read stops its source', async () => {
  let sent = 0
  const block = `10000\r\n${'x'.repeat(0xffff)}\n\r\n`
  const gateway = await gatewayWith({
    script: ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      const fill = (): void => {
        while (sent < 4096 * block.length) {
          sent += block.length
          if (!socket.write(block)) return
        }
      }
      socket.on('drain', fill)
      fill()
    },
  })
  const client = await gateway.connect()
  client.write(asJohn(watch))
  await client.until('\r\n\r\n')
  client.pause()
  await stable(() => sent)
  expect(sent).toBeLessThan(32 * 1024 * 1024)
})

test('G7 a watch ends when its token expires, between two events', async () => {
  const source = watching()
  const { system, advance } = testSystem()
  const expiresAt = system.clock.now() + 60_000
  const gateway = await gatewayWith({ script: source.script, clock: system.clock, expiresAt })
  const client = await gateway.connect()
  client.write(asJohn(watch))
  await client.until('\r\n\r\n')
  const { send } = await source.begun()
  send('{"type":"ADDED",')
  await client.until('{"type":"ADDED",')
  advance(60_000)
  await gateway.expectFence()
  send('"object":{}}\n{"type":"MODI')
  expect(await client.until('0\r\n\r\n')).toMatch(/"object":\{\}\}\n\r\n0\r\n\r\n$/)
  await gateway.recorder.settled(1)
  expect(gateway.exchanges[0]).toMatchObject({ closeReason: 'token_expired', status: 200 })
})

test('G7 a watch of binary events ends where one ends', async () => {
  const source = watching('application/vnd.kubernetes.protobuf;stream=watch')
  const { system, advance } = testSystem()
  const expiresAt = system.clock.now() + 60_000
  const gateway = await gatewayWith({ script: source.script, clock: system.clock, expiresAt })
  const client = await gateway.connect()
  client.write(asJohn(watch))
  await client.until('\r\n\r\n')
  const { send } = await source.begun()
  send('\x00\x00\x00\x04ab\n')
  await client.until('ab\n')
  advance(60_000)
  await gateway.expectFence()
  send('d\x00\x00\x00\x02xx')
  expect(await client.until('0\r\n\r\n')).toMatch(/\r\n1\r\nd\r\n0\r\n\r\n$/)
})

test('G7 with a grace the stream goes on for so long', async () => {
  const source = watching()
  const { system, advance } = testSystem()
  const gateway = await gatewayWith({
    script: source.script,
    clock: system.clock,
    expiresAt: system.clock.now() + 60_000,
    streams: { watchOnExpiry: { kind: 'grace', seconds: 30 } },
  })
  const client = await gateway.connect()
  client.write(asJohn(watch))
  await client.until('\r\n\r\n')
  const { send } = await source.begun()
  advance(60_000)
  await gateway.expectFence()
  send('{}\n')
  await client.until('{}\n')
  advance(30_000)
  await client.until('0\r\n\r\n')
})

test('G7 a WebSocket is told that its token has expired, between two frames', async () => {
  const { system, advance } = testSystem()
  const gateway = await gatewayWith({
    clock: system.clock,
    expiresAt: system.clock.now() + 60_000,
    streams: { upgradeOnExpiry: { kind: 'close' } },
    script: (request) => {
      request.takeOver()
      request.socket.write('HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      request.socket.write('\x82\x05hello', 'latin1')
    },
  })
  const client = await gateway.connect()
  client.write(asJohn(exec, ...webSocket))
  await client.until('hello')
  advance(60_000)
  const farewell = await client.closed()
  expect(farewell.slice(0, 4)).toBe('\x88\x18\x03\xf0')
  expect(farewell.slice(4)).toBe('The token has expired.')
  client.end()
  expect((await gateway.ended(1)).closeReason).toBe('token_expired')
  await gateway.recorder.settled(0)
})

test('G7 by default a running exec outlives its token', async () => {
  const { system, advance } = testSystem()
  const gateway = await gatewayWith({
    clock: system.clock,
    expiresAt: system.clock.now() + 60_000,
    script: (request) => {
      request.takeOver()
      request.socket.write('HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      request.socket.on('data', (chunk) => request.socket.write(chunk))
    },
  })
  const client = await gateway.connect()
  client.write(asJohn(exec, ...webSocket))
  await client.until('\r\n\r\n')
  advance(3_600_000)
  await gateway.expectFence()
  client.write('still there')
  await client.until('still there')
})

test('a drain ends watches between events, lets requests end, and closes what stays', async () => {
  const source = watching()
  const pending = withResolvers()
  const gateway = await gatewayWith({
    script: async (request) => {
      if (request.target.includes('watch')) return await source.script(request)
      if (request.target.includes('exec')) {
        request.takeOver()
        request.socket.write('HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
        return
      }
      await pending.promise
      request.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow')
    },
  })
  const [watcher, slow, shell, idle] = await Promise.all([1, 2, 3, 4].map(gateway.connect))
  watcher?.write(asJohn(watch))
  await watcher?.until('\r\n\r\n')
  shell?.write(asJohn(exec, ...webSocket))
  await shell?.until('\r\n\r\n')
  slow?.write(asJohn('GET /slow'))
  await gateway.recorder.arrived(3)

  const drained = gateway.proxy.drain(3_000)
  await watcher?.until('0\r\n\r\n')
  await expect(gateway.connect()).rejects.toThrow(/ECONNREFUSED/)
  pending.resolve(undefined)
  const answer = await slow?.response()
  expect(answer).toMatchObject({ status: 200, body: 'slow' })
  expect(answer?.values('connection')).toEqual(['close'])
  idle?.write(asJohn('GET /late'))
  expect((await idle?.response())?.values('connection')).toEqual(['close'])
  expect(await shell?.closed()).toContain('The gateway is going away.')
  await drained
  const reasons = Object.fromEntries(
    gateway.exchanges.map((e) => [e.target.split('?')[0], e.closeReason]),
  )
  expect(reasons).toEqual({
    '/api/v1/pods': 'drained',
    '/api/v1/namespaces/default/pods/hello/exec': 'drained',
    '/slow': 'completed',
    '/late': 'completed',
  })
})

function withResolvers() {
  let resolve: (value: unknown) => void = () => {}
  const promise = new Promise((done) => {
    resolve = done
  })
  return { promise, resolve }
}
