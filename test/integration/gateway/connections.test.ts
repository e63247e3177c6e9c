import { expect, test } from 'vitest'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import { asJohn } from '../../world/gateway/requests.ts'
import { answering } from '../../world/gateway/scripts.ts'
import { stable } from '../../world/gateway/stable.ts'
import { testSystem } from '../../world/system.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const big = `X-A: ${'a'.repeat(100_000)}`

test('C21 a large head leaves room for the framing of the body behind it, in both directions', async () => {
  const gateway = await gatewayWith({
    script: async ({ socket, body }) => {
      const text = (await body()).toString()
      socket.write(`${ok}${big}\r\nTransfer-Encoding: chunked\r\n\r\n`)
      socket.write(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`)
    },
  })
  const client = await gateway.connect()
  client.write(asJohn('POST /api', big, 'Content-Length: 5'))
  client.write('hello')
  expect(await client.response()).toMatchObject({ status: 200, body: 'hello' })
  client.write(asJohn('POST /api', big, 'Transfer-Encoding: chunked'))
  client.write('5\r\nhello\r\n0\r\n\r\n')
  expect(await client.response()).toMatchObject({ status: 200, body: 'hello' })
})

test('E1 more than 16 KiB of framing between two pieces of a body end the connection', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(asJohn('POST /api', 'Transfer-Encoding: chunked'))
  await gateway.recorder.arrived(1)
  client.write(`5;a=${'b'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`)
  expect(await client.closed()).toBe('')
  await gateway.recorder.settled(0)
  expect(gateway.recorder.bytes()).not.toContain('hello')
})

test('G5 a client that does not read stops a source of small pieces', async () => {
  let sent = 0
  const event = `400\r\n${'x'.repeat(0x3ff)}\n\r\n`
  const gateway = await gatewayWith({
    script: ({ socket }) => {
      socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
      const fill = (): void => {
        while (sent < 64 * 1024 * event.length) {
          sent += event.length
          if (!socket.write(event)) return
        }
      }
      socket.on('drain', fill)
      fill()
    },
  })
  const client = await gateway.connect()
  client.write(asJohn('GET /api/v1/pods?watch=true'))
  await client.until('\r\n\r\n')
  client.pause()
  await stable(() => sent)
  // 64 MiB were to be sent; what lies between are the buffers of sockets.
  expect(sent).toBeLessThan(24 * 1024 * 1024)
})

test('an answer with a length that is ended early ends its connection', async () => {
  const { system, advance } = testSystem()
  const gateway = await gatewayWith({
    clock: system.clock,
    expiresAt: system.clock.now() + 60_000,
    streams: { upgradeOnExpiry: { kind: 'close' } },
    script: ({ socket }) => void socket.write(`${ok}Content-Length: 1000\r\n\r\npart\n`),
  })
  const client = await gateway.connect()
  client.write(asJohn('GET /api/v1/namespaces/a/pods/b/log?follow=true'))
  await client.until('part\n')
  advance(60_000)
  expect(await client.closed()).toBe('')
  expect((await gateway.ended(1)).closeReason).toBe('token_expired')
})

test('H9 an answer that its client did not take is not one that was completed', async () => {
  const size = 16 * 1024 * 1024
  const gateway = await gatewayWith({
    script: ({ socket }) => {
      socket.write(`${ok}Content-Length: ${size}\r\n\r\n`)
      socket.write(Buffer.alloc(size))
    },
  })
  const client = await gateway.connect()
  client.pause()
  client.write(asJohn('GET /api'))
  await gateway.recorder.arrived(1)
  await stable(() => gateway.exchanges[0]?.bytesOut ?? 0)
  client.destroy()
  expect((await gateway.ended(1)).closeReason).toBe('client_aborted')
})

test('H9 the end of an answer that waits for its client is not its completion', async () => {
  const gateway = await gatewayWith({
    script: ({ socket }) => {
      socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
      socket.write(`100000\r\n${'x'.repeat(0x100000)}\r\n0\r\n\r\n`)
    },
  })
  const client = await gateway.connect()
  client.write(asJohn('GET /a'))
  await client.until('\r\n\r\n')
  client.pause()
  client.write(asJohn('GET /b').repeat(8))
  await stable(() => gateway.recorder.requests.length)
  const before = gateway.recorder.requests.length
  client.destroy()
  await gateway.ended(before)
  const reasons = gateway.exchanges.map(({ closeReason }) => closeReason)
  expect(reasons.at(-1)).toBe('client_aborted')
  await gateway.expectFence()
  expect(gateway.recorder.requests.length).toBe(before + 1)
})

test.each(['', '\r\n'])(
  'a client that is done is not told that it said something wrong: %j',
  async (last) => {
    const gateway = await gatewayWith()
    const client = await gateway.connect()
    client.write(`${asJohn('POST /api', 'Content-Length: 5')}hello`)
    expect((await client.response()).status).toBe(200)
    client.write(last)
    client.end()
    expect(await client.closed()).toBe('')
  },
)

test('an answer that is known at once reaches a client that is done at once', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  // One packet: the request, and the end of the connection.
  client.socket.end('GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n')
  expect((await client.response()).status).toBe(401)
})

test('G5 what comes with something that is not HTTP behind it is not forwarded', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(`${asJohn('DELETE /api/v1/namespaces/a')}not HTTP\r\n\r\n`)
  expect(await client.closed()).toBe('')
  await gateway.expectFence()
  expect(gateway.recorder.bytes()).not.toContain('DELETE')
})

test('E8 HTTP/1.0 knows no 100 Continue', async () => {
  const gateway = await gatewayWith()
  const head = asJohn('POST /api', 'Content-Length: 5', 'Expect: 100-continue')
  const client = await gateway.connect()
  client.write(`${head.replace('/1.1', '/1.0')}hello`)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 /)
})

test('G1 a connection that waits for its next request has no half head', async () => {
  let answer = (): void => {}
  const gateway = await gatewayWith({
    limits: { headersTimeoutMs: 1_000 },
    script: async ({ socket, target, body }) => {
      await body()
      const write = (): void => void socket.write(`${ok}Content-Length: 0\r\n\r\n`)
      if (target === '/first') answer = write
      else write()
    },
  })
  const client = await gateway.connect()
  client.write(`${asJohn('GET /first')}${asJohn('POST /second', 'Content-Length: 5')}he`)
  await gateway.recorder.arrived(1)
  client.write('llo\r\n')
  await gateway.expectFence()
  answer()
  expect((await client.response()).status).toBe(200)
  expect((await client.response()).status).toBe(200)
  const other = await gateway.connect()
  // Two looks at who takes too long.
  expect((await other.response()).status).toBe(408)
  expect((await (await gateway.connect()).response()).status).toBe(408)
  client.write(asJohn('GET /third'))
  expect((await client.response()).status).toBe(200)
})

test.each(['099', '000', '101'])(
  'B11 a status of %s is no answer, and what follows is none either',
  async (status) => {
    const gateway = await gatewayWith({
      script: answering(`HTTP/1.1 ${status} X`, '', ok, 'Content-Length: 0', '', ''),
    })
    const response = await gateway.send(asJohn('GET /api'))
    expect(response.json()).toMatchObject({
      code: 502,
      details: { causes: [{ reason: 'upstream_answer_invalid' }] },
    })
  },
)

test('E1 an answer in another transfer coding is none', async () => {
  const gateway = await gatewayWith({
    script: answering(
      'HTTP/1.1 200 OK',
      'Transfer-Encoding: gzip, chunked',
      '',
      '1',
      'x',
      '0',
      '',
      '',
    ),
  })
  expect((await gateway.send(asJohn('GET /api'))).status).toBe(502)
})
