import { connect as connectTcp } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { gatewayWith, type TestGateway } from '../../world/gateway/gateway-with.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { answering } from '../../world/gateway/scripts.ts'
import { tokens } from '../../world/gateway/tokens.ts'
import { testSystem } from '../../world/system.ts'

test('G1 a head that does not arrive in time is a 408, and a running request has no time limit', async () => {
  let answer = (): void => {}
  const gateway = await gatewayWith({
    limits: { headersTimeoutMs: 1_000 },
    script: ({ socket }) => {
      answer = () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    },
  })
  const upload = await gateway.connect()
  upload.write(`${asJohn('POST /api', 'Content-Length: 10')}slow`)
  await gateway.recorder.arrived(1)
  const slow = await gateway.connect()
  slow.write('GET /api HTTP/1.1\r\nHost: x\r\n')
  const silent = await gateway.connect()
  const response = await slow.response()
  expect(response.status).toBe(408)
  expect(response.json()).toMatchObject({ kind: 'Status', code: 408 })
  expect((await silent.response()).status).toBe(408)
  upload.write(' body.')
  await gateway.recorder.requests[0]?.body()
  answer()
  expect((await upload.response()).status).toBe(200)
})

test('an API server that has gone without a word is a 504; what lasts may be silent for hours', async () => {
  const { system, advance } = testSystem()
  const gateway = await gatewayWith({ clock: system.clock, script: () => {} })
  const short = await gateway.connect()
  short.write(asJohn('GET /api/v1/pods'))
  const change = await gateway.connect()
  change.write(`${asJohn('POST /api/v1/namespaces', 'Content-Length: 10')}half`)
  const watch = await gateway.connect()
  watch.write(asJohn('GET /api/v1/pods?watch=1'))
  await gateway.recorder.arrived(3)
  advance(74_000)
  await new Promise((resolve) => setImmediate(resolve))
  expect(gateway.exchanges.map(({ status }) => status)).toEqual([0, 0, 0])

  advance(2_000)
  const response = await short.response()
  expect(response.json()).toMatchObject({ kind: 'Status', code: 504, reason: 'Timeout' })
  // It may have been carried out: nobody is told to repeat it.
  expect(response.values('retry-after')).toEqual([])
  expect((await change.response()).status).toBe(504)
  advance(24 * 3_600_000)
  expect(gateway.exchanges.map(({ status, refusal }) => [status, refusal])).toEqual([
    [504, 'upstream_unreachable'],
    [504, 'upstream_unreachable'],
    [0, undefined],
  ])
})

test('G1 a connection without a TLS handshake is closed', async () => {
  const gateway = await gatewayWith({ limits: { handshakeTimeoutMs: 500 } })
  const socket = connectTcp({ port: gateway.port, host: '127.0.0.1' })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('close', resolve))
  await gateway.expectFence()
})

test('G1 what is not TLS, and TLS that is too old, ends in silence and harms nobody', async () => {
  const gateway = await gatewayWith()
  const socket = connectTcp({ port: gateway.port, host: '127.0.0.1' })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise((resolve) => socket.once('close', resolve))
  await gateway.expectFence()
})

test('G1 a connection beyond the limit is told so and closed; others go on', async () => {
  const gateway = await gatewayWith({ limits: { maxConnections: 2 } })
  const first = await gateway.connect()
  const second = await gateway.connect()
  const third = await gateway.connect()
  third.write(asJohn('GET /api'))
  const refused = await third.response()
  expect(refused.status).toBe(503)
  expect(refused.values('retry-after')).toEqual(['1'])
  expect(refused.json()).toMatchObject({ details: { causes: [{ reason: 'overloaded' }] } })
  expect(await third.closed()).toBe('')
  for (const client of [first, second]) {
    client.write(asJohn('GET /api'))
    expect((await client.response()).status).toBe(200)
  }
  second.destroy()
  await until(() => sent(gateway, 200))
})

test('G1 one address has its own limit', async () => {
  const gateway = await gatewayWith({ limits: { maxConnectionsPerAddress: 1 } })
  await gateway.connect()
  expect(await sent(gateway, 503)).toBe(true)
})

test('G3 after too many refused credentials an address waits, before anything is looked at', async () => {
  const { system, advance } = testSystem()
  const gateway = await gatewayWith({ clock: system.clock, limits: { maxFailuresPerSecond: 3 } })
  const wrong = withLines('GET /api', 'Host: x', 'Authorization: Bearer wrong')
  for (const status of [401, 401, 401, 429]) {
    expect((await gateway.send(wrong)).status).toBe(status)
  }
  const blocked = await gateway.send(asJohn('GET /api'))
  expect(blocked.status).toBe(429)
  expect(blocked.values('retry-after')).toEqual(['1'])
  advance(1_000)
  expect((await gateway.send(asJohn('GET /api'))).status).toBe(200)
})

test('G3 a request without a credential is no guess', async () => {
  const gateway = await gatewayWith({ limits: { maxFailuresPerSecond: 1 } })
  for (const status of [401, 401, 401]) {
    expect((await gateway.send(withLines('GET /api', 'Host: x'))).status).toBe(status)
  }
})

test('G3 tokens that are passed on, and refused by the API server, count as guesses', async () => {
  const gateway = await gatewayWith({
    limits: { maxFailuresPerSecond: 3 },
    clock: testSystem().system.clock,
    script: answering('HTTP/1.1 401 Unauthorized', 'Content-Length: 0', '', ''),
  })
  const bearer = `Authorization: Bearer ${tokens.serviceAccount}`
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket']
  expect((await gateway.send(withLines('GET /api', 'Host: x', bearer))).status).toBe(401)
  expect((await gateway.send(withLines('GET /api', 'Host: x', bearer, ...upgrade))).status).toBe(
    401,
  )
  expect((await gateway.send(withLines('GET /api', 'Host: x', bearer))).status).toBe(401)
  expect((await gateway.send(withLines('GET /api', 'Host: x', bearer))).status).toBe(429)
  expect(gateway.recorder.requests).toHaveLength(3)
})

test('G6 a client that disappears in the middle of anything harms nobody', async () => {
  const gateway = await gatewayWith({ script: () => {} })
  const upgrade = ['Connection: Upgrade', 'Upgrade: SPDY/3.1']
  for (const bytes of [
    'GET /api HT',
    asJohn('GET /api'),
    `${asJohn('POST /api', 'Content-Length: 100')}half`,
    `${asJohn('POST /api', 'Transfer-Encoding: chunked')}5\r\nab`,
    asJohn('POST /exec', ...upgrade),
    `${asJohn('POST /api', 'Transfer-Encoding: chunked')}zz\r\n`,
  ]) {
    const client = await gateway.connect()
    client.write(bytes)
    await gateway.expectFence()
    client.destroy()
  }
  await gateway.expectFence()
})

test('G1 a body that is refused, and comes byte by byte, does not keep its connection', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(withLines('POST /api', 'Host: x', 'Content-Length: 100000'))
  expect((await client.response()).status).toBe(401)
  const trickle = setInterval(() => client.write('x'), 500)
  onTestFinished(() => clearInterval(trickle))
  expect(await client.closed()).toBe('')
  expect(gateway.recorder.connections().opened).toBe(0)
})

test('a body that is refused is read a little, so that the refusal can be read', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(withLines('POST /api', 'Host: x', 'Content-Length: 100000'))
  client.write('x'.repeat(100_000))
  const response = await client.response()
  expect(response.status).toBe(401)
  expect(response.values('connection')).toEqual(['close'])
  expect(await client.closed()).toBe('')
})

async function sent(gateway: TestGateway, status: number): Promise<boolean> {
  return (await gateway.send(asJohn('GET /api'))).status === status
}

async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('G4 one user cannot hold all connections to the API server; his are free when his requests end', async () => {
  const answers: (() => void)[] = []
  const gateway = await gatewayWith({
    limits: { maxUpstreamConnections: 4 },
    script: ({ socket }) => {
      answers.push(() => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    },
  })
  const johns = [await gateway.connect(), await gateway.connect()]
  for (const john of johns) john.write(asJohn('GET /api'))
  await gateway.recorder.arrived(2)

  const third = await gateway.send(asJohn('GET /api'))
  expect(third.status).toBe(429)
  expect(third.json()).toMatchObject({ message: 'You have too many requests under way.' })
  const jane = await gateway.connect()
  jane.write(asJohn('GET /api').replace(tokens.john, tokens.jane))
  await gateway.recorder.arrived(3)

  for (const answer of answers.splice(0)) answer()
  for (const client of [...johns, jane]) expect((await client.response()).status).toBe(200)
  const again = await gateway.connect()
  again.write(asJohn('GET /api'))
  await gateway.recorder.arrived(4)
  for (const answer of answers) answer()
  expect((await again.response()).status).toBe(200)
})
