import { expect, test } from 'vitest'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import type { Script } from '../../world/gateway/recorder.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { answering } from '../../world/gateway/scripts.ts'
import { stable } from '../../world/gateway/stable.ts'
import { tokens } from '../../world/gateway/tokens.ts'

const exec = '/api/v1/namespaces/default/pods/hello/exec?command=sh&stdin=true'
const spdy = [
  'Connection: Upgrade',
  'Upgrade: SPDY/3.1',
  'X-Stream-Protocol-Version: v4.channel.k8s.io',
]
const webSocket = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

/** Switches and sends back everything that comes, after a greeting in the packet of the head. */
function echoing(protocol: string): Script {
  return (request) => {
    const { socket } = request
    const first = request.takeOver()
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${protocol}\r\nConnection: Upgrade\r\nX-Chosen: v4\r\n\r\nhello `,
    )
    socket.write(first)
    socket.on('data', (chunk) => socket.write(chunk))
  }
}

test.each([
  ['POST', 'SPDY/3.1'],
  ['GET', 'SPDY/3.1'],
  ['GET', 'websocket'],
])(
  'F1 F5 F6 F11 %s is upgraded to %s as John, and each byte passes once',
  async (method, protocol) => {
    const gateway = await gatewayWith({ script: echoing(protocol) })
    const client = await gateway.connect()
    const lines = protocol === 'websocket' ? webSocket : spdy
    client.write(`${asJohn(`${method} ${exec}`, ...lines)}early `)
    const head = await client.until('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
    expect(head).toContain(`\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n`)
    expect(head).toContain('\r\nX-Chosen: v4\r\n')
    expect(await client.until('early ')).toBe('hello early ')
    client.write('GET /api/v1/secrets HTTP/1.1\r\n\r\n')
    expect(await client.until('\r\n\r\n')).toBe('GET /api/v1/secrets HTTP/1.1\r\n\r\n')
    const [request] = gateway.recorder.requests
    expect(request?.values('impersonate-user')).toEqual(['john'])
    expect(request?.values('upgrade')).toEqual([protocol])
    expect(request?.values('connection')).toEqual(['Upgrade'])
    client.end()
    expect(await gateway.ended(1)).toMatchObject({
      isUpgrade: true,
      status: 101,
      closeReason: 'completed',
      bytesIn: 'early '.length + 'GET /api/v1/secrets HTTP/1.1\r\n\r\n'.length,
    })
  },
)

test('F5 what the API server chose is relayed untouched', async () => {
  const gateway = await gatewayWith({
    script: answering(
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      'Sec-WebSocket-Protocol: v5.channel.k8s.io',
      '',
      '',
    ),
  })
  const client = await gateway.connect()
  client.write(asJohn(`GET ${exec}`, ...webSocket, 'Sec-WebSocket-Protocol: v5.channel.k8s.io'))
  const head = await client.until('\r\n\r\n')
  expect(head).toContain('\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n')
  expect(head).toContain('\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n')
})

test.each(['h2c', 'TLS/1.0', 'websocket, h2c', 'SPDY/3', 'foo'])(
  'F1 an upgrade to %s is refused',
  async (protocol) => {
    const gateway = await gatewayWith()
    const response = await gateway.send(
      asJohn(
        'GET /api',
        'Connection: Upgrade, HTTP2-Settings',
        `Upgrade: ${protocol}`,
        'HTTP2-Settings: AAMAAABk',
      ),
    )
    expect(response.status).toBe(400)
    expect(response.json()).toMatchObject({ kind: 'Status', reason: 'BadRequest' })
    await gateway.expectArrived(0)
  },
)

test('F2 Upgrade without the option in Connection is a plain request without it', async () => {
  const gateway = await gatewayWith()
  const response = await gateway.send(
    asJohn('GET /api', 'Upgrade: websocket', 'HTTP2-Settings: AAMA'),
  )
  expect(response.status).toBe(200)
  expect(gateway.recorder.requests[0]?.values('upgrade')).toEqual([])
  expect(gateway.recorder.requests[0]?.values('http2-settings')).toEqual([])
})

test('F3 F10 who is not let in gets a Status at once, and no connection is opened', async () => {
  const gateway = await gatewayWith()
  const client = await gateway.connect()
  client.write(withLines(`GET ${exec}`, 'Host: x', 'Authorization: Bearer wrong', ...webSocket))
  const response = await client.response()
  expect(response.status).toBe(401)
  expect(response.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized' })
  expect(response.values('connection')).toEqual(['close'])
  expect(await client.closed()).toBe('')
  expect(gateway.recorder.connections().opened).toBe(0)
  expect(await gateway.ended(1)).toMatchObject({
    refusal: 'token_malformed',
    closeReason: 'refused',
  })
})

test.each([
  ['403', 403, 'HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden'],
  [
    '400 in chunks',
    400,
    'HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbad\r\n0\r\n\r\n',
  ],
  ['500 until the end', 500, 'HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\noh'],
  ['200', 502, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['302', 502, 'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'],
  ['401', 502, 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'],
  ['101 without Upgrade', 502, 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['101 to another protocol', 502, 'HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'],
  ['garbage', 502, 'SSH-2.0-OpenSSH\r\n'],
])('F4 CVE-2018-1002105 after a %s both connections are closed', async (_, status, bytes) => {
  const gateway = await gatewayWith({
    script: ({ socket, target }) => {
      socket.write(target === exec ? bytes : 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      if (bytes.includes('close')) socket.end()
    },
  })
  const client = await gateway.connect()
  client.write(asJohn(`POST ${exec}`, ...spdy))
  client.write(asJohn('GET /api/v1/secrets'))
  const response = await client.response()
  expect(response.status).toBe(status)
  expect(response.values('connection')).toEqual(['close'])
  client.write(asJohn('GET /api/v1/secrets'))
  client.end()
  expect(await client.closed()).toBe('')
  await gateway.recorder.settled(0)
  await gateway.expectArrived(1)
  expect(gateway.recorder.bytes()).not.toContain('secrets')
})

test('F4 the body of a refusal is relayed', async () => {
  const gateway = await gatewayWith({
    script: answering(
      'HTTP/1.1 403 Forbidden',
      'Transfer-Encoding: chunked',
      '',
      '5',
      'whole',
      '0',
      '',
      '',
    ),
  })
  const client = await gateway.connect()
  client.write(asJohn(`POST ${exec}`, ...spdy))
  expect((await client.until('whole')).startsWith('HTTP/1.1 403 Forbidden')).toBe(true)
  expect(await client.closed()).toBe('')
  expect(await gateway.ended(1)).toMatchObject({
    status: 403,
    bytesOut: 5,
    closeReason: 'completed',
  })
})

test('B11 a 403 that is about the gateway is told as that, also to who asked for a shell', async () => {
  const message = 'users "john" is forbidden: User "gateway" cannot impersonate resource "users"'
  const body = JSON.stringify({ kind: 'Status', message })
  const gateway = await gatewayWith({
    script: answering('HTTP/1.1 403 Forbidden', `Content-Length: ${body.length}`, '', body),
  })
  const client = await gateway.connect()
  client.write(asJohn(`POST ${exec}`, ...spdy))
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 502 .*The gateway itself lacks the right/s)
  expect(await gateway.ended(1)).toMatchObject({ refusal: 'upstream_impersonation_refused' })
})

test('F4 a refusal that is longer than any of the API server is relayed whole', async () => {
  const body = 'x'.repeat(300_000)
  const gateway = await gatewayWith({
    script: answering('HTTP/1.1 403 Forbidden', `Content-Length: ${body.length}`, '', body),
  })
  const response = await gateway.send(asJohn(`POST ${exec}`, ...spdy))
  expect({ status: response.status, isWhole: response.body === body }).toEqual({
    status: 403,
    isWhole: true,
  })
})

test('F7 bytes before the 101 wait for it and are not taken for requests', async () => {
  let switchNow = (): void => {}
  const gateway = await gatewayWith({
    script: (request) => {
      switchNow = () => void echoing('SPDY/3.1')(request)
    },
  })
  const client = await gateway.connect()
  client.write(asJohn(`POST ${exec}`, ...spdy))
  await gateway.recorder.arrived(1)
  client.write('GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n')
  await gateway.expectFence()
  expect(gateway.recorder.bytes()).not.toContain('secrets')
  switchNow()
  await client.until('101')
  expect(await client.until('Host: x\r\n\r\n')).toContain('hello GET /api/v1/secrets HTTP/1.1\r\n')
})

test('F8 the end of one direction leaves the other open', async () => {
  const gateway = await gatewayWith({
    script: (request) => {
      const { socket } = request
      request.takeOver()
      socket.write('HTTP/1.1 101 S\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\n\r\n')
      socket.removeAllListeners('end')
      socket.once('end', () => socket.end('after the end'))
    },
  })
  const client = await gateway.connect()
  client.write(asJohn(`POST ${exec}`, ...spdy))
  await client.until('\r\n\r\n')
  client.end()
  expect(await client.until('after the end')).toBe('after the end')
  expect((await gateway.ended(1)).closeReason).toBe('completed')
})

test.each([
  ['completed', 'has said good-bye', Buffer.from([0x82, 1, 0x88, 0x88, 2, 3, 0xe8])],
  ['upstream_aborted', 'goes without a word', Buffer.from([0x82, 1, 0x88])],
])('a WebSocket is %s when the API server %s', async (closeReason, _, frames) => {
  const gateway = await gatewayWith({
    script: (request) => {
      request.takeOver()
      request.socket.write('HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      request.socket.end(frames)
    },
  })
  const client = await gateway.connect()
  client.write(asJohn(`GET ${exec}`, ...webSocket))
  expect((await client.closed()).endsWith(frames.toString('latin1'))).toBe(true)
  expect(await gateway.ended(1)).toMatchObject({ closeReason, bytesOut: frames.length })
})

test('F8 a reset on one side is the end of the other', async () => {
  const gateway = await gatewayWith({ script: echoing('SPDY/3.1') })
  const client = await gateway.connect()
  client.write(asJohn(`POST ${exec}`, ...spdy))
  await client.until('hello ')
  client.destroy()
  await gateway.recorder.settled(0)
  expect((await gateway.ended(1)).closeReason).toMatch(/client_aborted|completed/)

  const other = await gateway.connect()
  other.write(asJohn(`POST ${exec}`, ...spdy))
  await other.until('hello ')
  gateway.recorder.requests[1]?.socket.destroy()
  await other.closed()
  other.end()
  await gateway.ended(2)
})

test('F8 G5 who does not read is not written to', async () => {
  let sent = 0
  const block = Buffer.alloc(64 * 1024, 'x')
  const gateway = await gatewayWith({
    script: (request) => {
      const { socket } = request
      request.takeOver()
      socket.write('HTTP/1.1 101 S\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\n\r\n')
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
  client.write(asJohn(`POST ${exec}`, ...spdy))
  await client.until('\r\n\r\n')
  client.pause()
  await stable(() => sent)
  // 256 MiB were to be sent; what lies between are the buffers of sockets.
  expect(sent).toBeLessThan(32 * 1024 * 1024)
})

test('an upgrade behind a request that is not answered yet ends the connection', async () => {
  const gateway = await gatewayWith({ script: () => {} })
  const client = await gateway.connect()
  client.write(asJohn('GET /slow') + asJohn(`POST ${exec}`, ...spdy))
  expect(await client.closed()).toBe('')
  expect(gateway.recorder.bytes()).not.toContain('exec')
})

test('B5 F13 a browser’s token is taken out of the subprotocols', async () => {
  const gateway = await gatewayWith({ script: echoing('websocket') })
  const client = await gateway.connect()
  const bearer = `base64url.bearer.authorization.k8s.io.${Buffer.from(tokens.john).toString('base64url')}`
  client.write(
    withLines(
      `GET ${exec}`,
      'Host: x',
      ...webSocket,
      `Sec-WebSocket-Protocol: ${bearer}, v4.channel.k8s.io`,
    ),
  )
  await client.until('hello ')
  expect(gateway.recorder.requests[0]?.values('sec-websocket-protocol')).toEqual([
    'v4.channel.k8s.io',
  ])
  expect(gateway.recorder.bytes()).not.toContain('bearer.authorization')
})
