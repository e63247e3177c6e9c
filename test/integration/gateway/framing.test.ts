import { expect, test } from 'vitest'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { answering } from '../../world/gateway/scripts.ts'
import { stable } from '../../world/gateway/stable.ts'
import { tokens } from '../../world/gateway/tokens.ts'

const john = `Authorization: Bearer ${tokens.john}`
const smuggled = 'GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n'

test.each([
  [
    'E1 a length and chunks',
    asJohn('POST /api', 'Content-Length: 4', 'Transfer-Encoding: chunked'),
  ],
  [
    'E1 chunks and a length',
    asJohn('POST /api', 'Transfer-Encoding: chunked', 'Content-Length: 4'),
  ],
  ['E1 two lengths', asJohn('POST /api', 'Content-Length: 0', 'Content-Length: 44')],
  ['E1 a space before the colon', asJohn('GET /api', 'X-A : b')],
  ['E1 a folded line', asJohn('GET /api', 'X-A: b', ' Impersonate-User: admin')],
  ['E1 a bare line feed', asJohn('GET /api').replace('\r\nHost', '\nHost')],
  ['E1 a sign before the length', asJohn('POST /api', 'Content-Length: +0')],
  ['E2 an encoding that is nearly chunked', asJohn('POST /api', 'Transfer-Encoding: xchunked')],
  ['E3 chunks twice', asJohn('POST /api', 'Transfer-Encoding: chunked, chunked')],
  ['E3 chunks with a parameter', asJohn('POST /api', 'Transfer-Encoding: chunked;a=b')],
  [
    'E3 chunks in HTTP/1.0',
    asJohn('POST /api', 'Transfer-Encoding: chunked').replace('/1.1', '/1.0'),
  ],
  ['E6 a space before Content-Length', asJohn('POST /api', ' Content-Length: 44')],
  ['E6 a control character in a value', asJohn('GET /api', 'X-A: a\x01b')],
  ['E6 a carriage return in a value', asJohn('GET /api', 'X-A: a\rImpersonate-User: admin')],
])('%s: refused, the connection closed, nothing arrives', async (_, bytes) => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(`${bytes}${smuggled}`)
  const response = await client.response()
  expect(response.status).toBe(400)
  expect(response.json()).toMatchObject({ kind: 'Status', reason: 'BadRequest' })
  client.end()
  expect(await client.closed()).not.toContain('Recorded')
  await gateway.expectArrived(0)
})

test('E4 the parser is the strict one', async () => {
  const gateway = await gatewayWith()
  const response = await gateway.send(asJohn('GET /api', 'X-A: a\x00b'))
  expect(response.status).toBe(400)
  await gateway.expectArrived(0)
})

test('E5 more lines than are looked at are refused, not forgotten', async () => {
  const gateway = await gatewayWith({ rules: { maxHeaderCount: 300 } })
  const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `X-${i}: ${i}`)
  expect((await gateway.send(asJohn('GET /api', ...lines(298)))).status).toBe(200)
  expect(gateway.recorder.requests[0]?.values('x-297')).toEqual(['297'])
  expect((await gateway.send(asJohn('GET /api', ...lines(299)))).status).toBe(431)
  const late = withLines('GET /api', 'Host: x', ...lines(2500), john)
  const response = await gateway.send(late)
  expect(response.status).toBe(431)
  expect(response.json()).toMatchObject({ details: { causes: [{ reason: 'headers_too_many' }] } })
  await gateway.expectArrived(1)
})

test('C21 a head may have 100 KiB, and not 200', async () => {
  const gateway = await gatewayWith()
  const large = asJohn('GET /api', `X-A: ${'a'.repeat(100_000)}`)
  expect((await gateway.send(large)).status).toBe(200)
  const tooLarge = await gateway.send(asJohn('GET /api', `X-A: ${'a'.repeat(200_000)}`))
  expect(tooLarge.status).toBe(431)
  expect(tooLarge.json()).toMatchObject({ kind: 'Status', code: 431 })
})

test('E7 trailers of a request are dropped', async () => {
  const gateway = await gatewayWith()
  const response = await gateway.send(
    `${asJohn('POST /api', 'Transfer-Encoding: chunked', 'Trailer: Impersonate-User', 'TE: trailers')}3\r\nabc\r\n0\r\nImpersonate-User: admin\r\n\r\n`,
  )
  expect(response.status).toBe(200)
  const [request] = gateway.recorder.requests
  expect(request?.values('impersonate-user')).toEqual(['john'])
  expect(request?.values('trailer')).toEqual([])
  expect(request?.values('te')).toEqual([])
  expect((await request?.body())?.toString()).toBe('abc')
  expect(gateway.recorder.bytes()).not.toContain('admin')
})

test('E7 trailers of an answer pass when they were announced', async () => {
  const gateway = await gatewayWith({
    script: answering(
      'HTTP/1.1 200 OK',
      'Trailer: X-Sum',
      'Transfer-Encoding: chunked',
      '',
      '2',
      'ok',
      '0',
      'X-Sum: 42',
      'X-Other: 1',
      '',
      '',
    ),
  })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response).toMatchObject({ body: 'ok', trailers: [['X-Sum', '42']] })
})

test.each(['GET', 'DELETE', 'POST', 'PUT', 'PATCH'])(
  'E8 a body of %s arrives whole',
  async (method) => {
    const gateway = await gatewayWith()
    const body = `{"propagationPolicy":"Background"}${smuggled}`
    const client = await gateway.connect()
    client.write(`${asJohn(`${method} /api/v1/a`, `Content-Length: ${body.length}`)}${body}`)
    expect((await client.response()).status).toBe(200)
    const chunk = `${body.length.toString(16)};ext=1\r\n${body}\r\n`
    client.write(
      `${asJohn(`${method} /api/v1/b`, 'Transfer-Encoding: chunked')}${chunk}${chunk}0\r\n\r\n`,
    )
    expect((await client.response()).status).toBe(200)
    const [first, second] = gateway.recorder.requests
    expect((await first?.body())?.toString()).toBe(body)
    expect((await second?.body())?.toString()).toBe(body + body)
    expect(first?.values('content-length')).toEqual([String(body.length)])
    await gateway.expectArrived(2)
    expect((await gateway.ended(2)).bytesIn).toBe(2 * body.length)
  },
)

test('E8 100 Continue comes after the decision, from us, and is not asked of the API server', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(asJohn('POST /api', 'Content-Length: 5', 'Expect: 100-continue'))
  expect(await client.until('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  client.write('hello')
  expect((await client.response()).status).toBe(200)
  expect(gateway.recorder.requests[0]?.values('expect')).toEqual([])

  const stranger = await gateway.connect()
  stranger.write(withLines('POST /api', 'Host: x', 'Content-Length: 5', 'Expect: 100-continue'))
  expect((await stranger.response()).status).toBe(401)
  expect(await stranger.closed()).toBe('')
  expect(
    (await gateway.send(asJohn('POST /api', 'Expect: 200-ok', 'Content-Length: 5'))).status,
  ).toBe(417)
  await gateway.expectArrived(1)
})

test('E8 an early answer reaches the client, and the connections are not used again', async () => {
  const gateway = await gatewayWith({
    script: ({ socket, method }) => {
      if (method === 'POST') socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig')
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    },
  })
  const client = await gateway.connect()
  client.write(`${asJohn('POST /api', 'Content-Length: 1000')}some of it`)
  const response = await client.response()
  expect(response).toMatchObject({ status: 413, body: 'big' })
  expect(response.values('connection')).toEqual(['close'])
  client.end()
  await client.closed()
  await gateway.recorder.settled(0)
})

test('E9 half a body never becomes a request', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(`${asJohn('POST /api', 'Content-Length: 1000')}half`)
  const request = await gateway.recorder.arrived(1)
  client.destroy()
  await gateway.recorder.settled(0)
  expect(request.socket.destroyed).toBe(true)
  expect(await gateway.ended(1)).toMatchObject({ closeReason: 'client_aborted', status: 0 })
})

test('E10 each pipelined request is judged by itself, and answered in its turn', async () => {
  const gateway = await gatewayWith({
    script: ({ target, socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`)
    },
  })
  const client = await gateway.connect()
  client.write(
    asJohn('GET /first') +
      withLines('GET /second', 'Host: x') +
      asJohn('GET /third') +
      withLines('GET /fourth', 'Host: x', 'Authorization: Bearer wrong'),
  )
  expect(await client.response()).toMatchObject({ status: 200, body: '/first' })
  expect((await client.response()).status).toBe(401)
  expect(await client.response()).toMatchObject({ status: 200, body: '/third' })
  expect((await client.response()).status).toBe(401)
  await gateway.expectArrived(2)
})

test('an upload is not read faster than the API server takes it', async () => {
  const gateway = await gatewayWith({
    script: ({ socket }) => void socket.pause(),
  })
  const client = await gateway.connect()
  const size = 64 * 1024 * 1024
  client.write(`${asJohn('POST /api', `Content-Length: ${size}`)}a`)
  await gateway.recorder.arrived(1)
  client.write(Buffer.alloc(size - 1))
  await stable(() => gateway.exchanges[0]?.bytesIn ?? 0)
  expect(gateway.exchanges[0]?.bytesIn).toBeLessThan(16 * 1024 * 1024)
})
