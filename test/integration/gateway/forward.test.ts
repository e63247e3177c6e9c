import { expect, test } from 'vitest'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import type { Script } from '../../world/gateway/recorder.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { answering } from '../../world/gateway/scripts.ts'
import { gatewayToken, tokens } from '../../world/gateway/tokens.ts'

test('A3 B9 a request arrives as John, with our credential and our audit id, built from empty', async () => {
  const gateway = await gatewayWith()
  const response = await gateway.send(
    asJohn('GET /api/v1/pods?limit=5', 'Accept: a', 'accept: b', 'Audit-ID: forged', 'Cookie: c=1'),
  )
  expect(response.status).toBe(200)
  expect(response.body).toBe('{"kind":"Recorded"}\n')
  const auditId = gateway.exchanges[0]?.auditId
  expect(gateway.recorder.requests[0]?.head.split('\r\n')).toEqual([
    'GET /api/v1/pods?limit=5 HTTP/1.1',
    `Host: ${new URL(gateway.recorder.url).host}`,
    'Accept: a',
    'accept: b',
    'X-Forwarded-For: 127.0.0.1',
    `Authorization: Bearer ${gatewayToken}`,
    'Impersonate-User: john',
    'Impersonate-Group: developers',
    `Audit-ID: ${auditId}`,
    '',
    '',
  ])
})

test('A10 header values arrive as the bytes that the client sent', async () => {
  const gateway = await gatewayWith()
  const value = Buffer.from('José 日本 ✓', 'utf8').toString('latin1')
  await gateway.send(asJohn('GET /api', `X-Name: ${value}`, 'X-Byte: \xff\x80'))
  const [request] = gateway.recorder.requests
  expect(request?.values('x-name')).toEqual([value])
  expect(request?.values('x-byte')).toEqual(['\xff\x80'])
})

test('the answer comes back with its lines repeated, and without those of the connection', async () => {
  const gateway = await gatewayWith({
    script: answering(
      'HTTP/1.1 299 Something Else',
      'Warning: 299 - "one"',
      'warning: 299 - "two"',
      'Set-Cookie: a=1',
      'Set-Cookie: b=2',
      'Connection: keep-alive, X-Hop',
      'X-Hop: private',
      'Keep-Alive: timeout=1',
      'Proxy-Authenticate: Basic',
      'X-Name: \xc3\xa9',
      'Content-Length: 2',
      '',
      'ok',
    ),
  })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response).toMatchObject({ status: 299, statusText: 'Something Else', body: 'ok' })
  expect(response.values('warning')).toEqual(['299 - "one"', '299 - "two"'])
  expect(response.values('set-cookie')).toEqual(['a=1', 'b=2'])
  expect(response.values('x-name')).toEqual(['\xc3\xa9'])
  expect(response.values('x-hop')).toEqual([])
  expect(response.values('proxy-authenticate')).toEqual([])
  expect(response.values('keep-alive')).toEqual(['timeout=90'])
})

test('HEAD, 204 and 304 have no body, and the connection goes on', async () => {
  const gateway = await gatewayWith({
    script: async ({ method, target, socket }) => {
      if (method === 'HEAD') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n')
      else if (target === '/204') socket.write('HTTP/1.1 204 No Content\r\n\r\n')
      else socket.write('HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 7\r\n\r\n')
    },
  })
  const client = await gateway.connect()
  client.write(asJohn('HEAD /api'))
  expect((await client.response(true)).values('content-length')).toEqual(['42'])
  client.write(asJohn('GET /204'))
  expect(await client.response()).toMatchObject({ status: 204, body: '' })
  client.write(asJohn('GET /304'))
  const notModified = await client.response()
  expect(notModified.status).toBe(304)
  expect(notModified.values('etag')).toEqual(['"x"'])
})

test('a large answer passes byte for byte, with a length and in chunks', async () => {
  const bytes = Buffer.alloc(3_000_000, 'abcdefghi\n')
  const gateway = await gatewayWith({
    script: ({ target, socket }) => {
      if (target === '/length') {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`)
        socket.write(bytes)
      } else {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        socket.write(`${bytes.length.toString(16)}\r\n`)
        socket.write(Buffer.concat([bytes, Buffer.from('\r\n0\r\n\r\n')]))
      }
    },
  })
  for (const target of ['/length', '/chunks']) {
    const { body } = await gateway.send(asJohn(`GET ${target}`))
    expect(Buffer.from(body, 'latin1').equals(bytes)).toBe(true)
  }
  expect((await gateway.ended(2)).bytesOut).toBe(bytes.length)
})

test('an answer that ends with its connection passes whole', async () => {
  const gateway = await gatewayWith({
    script: ({ socket }) =>
      void socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it'),
  })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response.body).toBe('all of it')
})

test('B11 a 401 to our own credential is not shown as the 401 of the user', async () => {
  const gateway = await gatewayWith({
    script: answering('HTTP/1.1 401 Unauthorized', 'Content-Length: 12', '', 'Unauthorized'),
  })
  const response = await gateway.send(asJohn('GET /api/v1/pods'))
  expect(response.status).toBe(502)
  expect(response.json()).toMatchObject({ kind: 'Status', code: 502, reason: 'BadGateway' })
  expect(response.values('www-authenticate')).toEqual([])
  expect(await gateway.ended(1)).toMatchObject({
    refusal: 'upstream_credential_refused',
    status: 502,
    closeReason: 'upstream_failed',
  })
})

/** What kube-apiserver 1.37 says when the gateway may not impersonate. */
const aboutTheGateway =
  'pods is forbidden: User "system:serviceaccount:oidc-gateway:oidc-gateway" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "default"'
const aboutTheUser =
  'pods is forbidden: User "john" cannot list resource "pods" in API group "" in the namespace "default"'

function forbidden(body: string): Script {
  return answering('HTTP/1.1 403 Forbidden', `Content-Length: ${body.length}`, '', body)
}

test.each([
  ['JSON', JSON.stringify({ kind: 'Status', message: aboutTheGateway, code: 403 })],
  ['YAML', `kind: Status\nmessage: '${aboutTheGateway.replace(' cannot', '\n  cannot')}'\n`],
  ['Protocol Buffers', `k8s\0\n\f\x1a\x07Failure\x1a\xa0\x01${aboutTheGateway}"\tForbidden`],
  ['a name', JSON.stringify({ message: `users "john" is ${aboutTheGateway.slice(8)}` })],
  ['a path', JSON.stringify({ message: aboutTheGateway.slice(8) })],
])(
  'B11 a 403 that is about the gateway is not shown as the 403 of the user: %s',
  async (_, body) => {
    const gateway = await gatewayWith({ script: forbidden(body) })
    const response = await gateway.send(asJohn('GET /api/v1/namespaces/default/pods'))
    expect(response.json()).toMatchObject({ kind: 'Status', code: 502, reason: 'BadGateway' })
    expect(response.json().message).toMatch(/gateway itself lacks the right.*oidc-gateway doctor/)
    expect(response.body).not.toContain('serviceaccount')
    expect(await gateway.ended(1)).toMatchObject({
      refusal: 'upstream_impersonation_refused',
      status: 502,
      closeReason: 'upstream_failed',
    })
  },
)

test.each([
  ['his own', '/api/v1/pods', JSON.stringify({ message: aboutTheUser })],
  [
    'his own, and he calls himself oddly',
    '/api/v1/pods',
    JSON.stringify({ message: aboutTheUser.replace('john', 'x\\" cannot impersonate') }),
  ],
  ['no JSON', '/api/v1/pods', 'cannot impersonate'],
  ['very long', '/api/v1/pods', aboutTheGateway + ' '.repeat(100_000)],
  ['of a program behind /proxy', '/api/v1/namespaces/a/services/b/proxy/c', aboutTheGateway],
])('a 403 of the user is relayed as it is: %s', async (_, target, body) => {
  const gateway = await gatewayWith({ script: forbidden(body) })
  expect(await gateway.send(asJohn(`GET ${target}`))).toMatchObject({ status: 403, body })
  expect(await gateway.ended(1)).toMatchObject({ refusal: undefined, closeReason: 'completed' })
})

test('a 403 that breaks off is no answer', async () => {
  const gateway = await gatewayWith({
    script: ({ socket }) =>
      void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nhalf'),
  })
  expect((await gateway.send(asJohn('GET /api/v1/pods'))).status).toBe(502)
  expect(await gateway.ended(1)).toMatchObject({ refusal: 'upstream_unreachable' })
})

test('B11 the 401 of a program behind /proxy, and of a token that is passed on, is the user’s', async () => {
  const gateway = await gatewayWith({
    script: answering('HTTP/1.1 401 Unauthorized', 'Content-Length: 2', '', 'no'),
  })
  const proxied = await gateway.send(
    asJohn('GET /api/v1/namespaces/default/services/grafana/proxy/login'),
  )
  expect(proxied).toMatchObject({ status: 401, body: 'no' })
  const passed = await gateway.send(
    withLines('GET /api', 'Host: x', `Authorization: Bearer ${tokens.serviceAccount}`),
  )
  expect(passed.status).toBe(401)
})

test.each([
  'https://evil.example.com/',
  '//evil.example.com/',
  '/\\evil.example.com/',
  'http://127.0.0.1/api',
  'https://[',
])('D7 a redirection to another host is a 502: %s', async (location) => {
  const gateway = await gatewayWith({
    script: answering('HTTP/1.1 302 Found', `Location: ${location}`, 'Content-Length: 0', '', ''),
  })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response.status).toBe(502)
  expect(response.values('location')).toEqual([])
  expect(response.body).not.toContain('evil')
  await gateway.expectArrived(1)
})

test('D7 a redirection within the API server is relayed, not followed', async () => {
  const gateway = await gatewayWith({
    script: answering('HTTP/1.1 301 Moved', 'Location: /ui/', 'Content-Length: 0', '', ''),
  })
  const response = await gateway.send(asJohn('GET /ui'))
  expect(response.status).toBe(301)
  expect(response.values('location')).toEqual(['/ui/'])
})

test.each([
  ['nothing that is HTTP', 'SMTP ready\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a switch that nobody asked for',
    'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  ],
])('an answer that is %s becomes a 502', async (_, bytes) => {
  const gateway = await gatewayWith({ script: ({ socket }) => void socket.write(bytes) })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response.status).toBe(502)
  expect(response.json()).toMatchObject({ kind: 'Status', status: 'Failure' })
})

test('half an answer ends the connection, so that it is not taken for a whole one', async () => {
  const gateway = await gatewayWith({
    script: ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n')
      setImmediate(() => socket.destroy())
    },
  })
  const client = await gateway.connect()
  client.write(asJohn('GET /api'))
  await client.until('half')
  expect(await client.closed()).not.toContain('0\r\n\r\n')
  expect((await gateway.ended(1)).closeReason).toBe('upstream_aborted')
})
