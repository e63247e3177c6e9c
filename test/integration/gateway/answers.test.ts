import { expect, test } from 'vitest'
import type { Judge } from '../../../src/gateway/impersonation/index.ts'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { gatewayToken, tokens } from '../../world/gateway/tokens.ts'

test('H8 H11 a refusal is a Status that quotes nothing, keeps nothing and may not be framed', async () => {
  const gateway = await gatewayWith()
  const response = await gateway.send(
    withLines(
      'GET /api/v1/secrets?x=quoted',
      'Host: x',
      'Authorization: Bearer quoted',
      'X-A: quoted',
    ),
  )
  expect(response.status).toBe(401)
  expect(response.json()).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'The token is not one.',
    reason: 'Unauthorized',
    details: { causes: [{ reason: 'token_malformed', message: 'The token is not one.' }] },
    code: 401,
  })
  expect(response.values('content-type')).toEqual(['application/json'])
  expect(response.values('cache-control')).toEqual(['no-store'])
  expect(response.values('x-content-type-options')).toEqual(['nosniff'])
  expect(response.values('x-frame-options')).toEqual(['DENY'])
  expect(response.values('content-security-policy')).toEqual([
    "default-src 'none'; frame-ancestors 'none'",
  ])
  expect(response.values('access-control-allow-origin')).toEqual([])
  expect(response.values('www-authenticate')).toEqual([
    'Bearer realm="kubernetes", error="invalid_token"',
  ])
  expect(response.values('audit-id')).toEqual([gateway.exchanges[0]?.auditId])
  expect(JSON.stringify(response)).not.toMatch(/quoted|gateway-secret/)
})

test('a kubectl that looks what the cluster knows gets plain text, which it quotes', async () => {
  const gateway = await gatewayWith({
    script: ({ socket }) => void socket.write('HTTP/1.1 401 Unauthorized\r\n\r\n'),
  })
  const accept =
    'Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
  const response = await gateway.send(asJohn('GET /apis', accept))
  expect(response.status).toBe(502)
  expect(response.values('content-type')).toEqual(['text/plain; charset=utf-8'])
  expect(response.body).toBe(
    "The API server refused the gateway's own credential; the operator has to renew it.\n",
  )
  const { body } = await gateway.send(withLines('GET /apis', 'Host: x', accept))
  expect(body).toBe('A bearer token is needed: sign in.\n')
})

test('H8 somebody without a credential is asked for one', async () => {
  const gateway = await gatewayWith()
  const response = await gateway.send(withLines('GET /api', 'Host: x'))
  expect(response.status).toBe(401)
  expect(response.values('www-authenticate')).toEqual(['Bearer realm="kubernetes"'])
})

test('H9 observers hear of every request once, of refused and anonymous ones too', async () => {
  const gateway = await gatewayWith()
  await gateway.send(asJohn('GET /api/v1/namespaces/a/pods/b?x=1', 'User-Agent: kubectl/v1'))
  await gateway.send(withLines('GET /anonymous', 'Host: x'))
  await gateway.send(withLines('GET /wrong', 'Host: x', 'Authorization: Basic abc'))
  await gateway.send(asJohn('GET /as', 'Impersonate-User: jane'))
  await gateway.send(asJohn('TRACE /trace'))
  await gateway.ended(5)
  expect(gateway.exchanges).toHaveLength(5)
  expect(gateway.exchanges[0]).toMatchObject({
    method: 'GET',
    target: '/api/v1/namespaces/a/pods/b?x=1',
    info: { resource: 'pods', namespace: 'a', name: 'b', verb: 'get' },
    peerAddress: '127.0.0.1',
    userAgent: 'kubectl/v1',
    identity: { user: { username: 'john' } },
    effectiveUser: { username: 'john' },
    refusal: undefined,
    status: 200,
    bytesOut: 20,
    closeReason: 'completed',
  })
  expect(
    gateway.exchanges.slice(1).map((e) => [e.target, e.status, e.refusal, e.closeReason]),
  ).toEqual([
    ['/anonymous', 401, 'credential_missing', 'refused'],
    ['/wrong', 401, 'credential_malformed', 'refused'],
    ['/as', 403, 'impersonation_denied', 'refused'],
    ['/trace', 405, 'method_not_allowed', 'refused'],
  ])
})

test.each([
  ['D1 a segment that leaves', 400, 'GET /api/../secrets'],
  ['D1 a segment that leaves, encoded', 400, 'GET /api/%2e%2e/secrets'],
  ['D1 two slashes', 400, 'GET //secrets'],
  ['D1 a fragment', 400, 'GET /api#/secrets'],
  ['D1 a NUL, encoded', 400, 'GET /api/%00'],
  ['D1 a backslash', 400, 'GET /api\\..\\secrets'],
  ['D1 bytes beyond ASCII', 400, 'GET /api/\xe9'],
  ['D2 an absolute form', 400, 'GET http://evil.example.com/api'],
  ['D2 an absolute form with our name', 400, 'GET https://gateway.example.com/api'],
  ['D3 CONNECT', 405, 'CONNECT evil.example.com:443'],
  ['D4 OPTIONS *', 400, 'OPTIONS *'],
  ['D4 TRACE', 405, 'TRACE /api'],
  ['D4 PROPFIND', 405, 'PROPFIND /api'],
])('%s is refused with a Status, and nothing arrives', async (_, status, start) => {
  const gateway = await gatewayWith()
  const response = await gateway.send(asJohn(start))
  expect(response.status).toBe(status)
  expect(response.json()).toMatchObject({ kind: 'Status', code: status })
  await gateway.expectArrived(0)
})

test('D1 D6 the target is forwarded byte for byte', async () => {
  const gateway = await gatewayWith()
  const target = '/api/v1/namespaces/a%2Fb/pods/%41?x=%2e%2e&x=&;y=?#'.replace('#', '')
  await gateway.send(asJohn(`GET ${target}`))
  expect(gateway.recorder.requests[0]?.target).toBe(target)
})

test.each([
  ['no Host', withLines('GET /api', `Authorization: Bearer ${tokens.john}`), 400],
  ['two Hosts', asJohn('GET /api', 'Host: other'), 400],
  ['another Host', asJohn('GET /api').replace('gateway.example.com', 'evil.example.com'), 421],
])('D5 %s is refused', async (_, bytes, status) => {
  const gateway = await gatewayWith({ rules: { serverNames: ['gateway.example.com'] } })
  const response = await gateway.send(bytes)
  expect(response.status).toBe(status)
  expect(response.json()).toMatchObject({ kind: 'Status' })
  expect(gateway.recorder.bytes()).toBe('')
})

test('A6 G6 a judge with a fault lets nobody in and harms nobody else', async () => {
  const judge: Judge = {
    judge: async () => {
      throw new Error(gatewayToken)
    },
  }
  const gateway = await gatewayWith({ judge })
  const client = await gateway.connect()
  client.write(asJohn('GET /api'))
  const response = await client.response()
  expect(response.status).toBe(500)
  expect(response.body).not.toContain(gatewayToken)
  client.write(asJohn('GET /api'))
  expect((await client.response()).status).toBe(500)
  expect(gateway.recorder.bytes()).toBe('')
})

test('A6 a decision without a user is not sent', async () => {
  const gateway = await gatewayWith({ judge: careless([]) })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response.status).toBe(500)
  const upgrade = asJohn('POST /exec', 'Connection: Upgrade', 'Upgrade: SPDY/3.1')
  expect((await gateway.send(upgrade)).status).toBe(500)
  expect(gateway.recorder.bytes()).toBe('')
  expect(await gateway.ended(2)).toMatchObject({
    refusal: 'invariant_violated',
    closeReason: 'refused',
  })
})

test.each([
  'admin\r\nImpersonate-Group: system:masters',
  'admin\u010d\u010aImpersonate-Group: system:masters',
  '',
  ' ',
])('A6 A10 a decision with the user %j is not sent', async (user) => {
  const gateway = await gatewayWith({ judge: careless([['Impersonate-User', user]]) })
  expect((await gateway.send(asJohn('GET /api'))).status).toBe(500)
  expect(gateway.recorder.bytes()).toBe('')
})

test('B7 B8 X-Forwarded-For is what the socket says, unless a trusted proxy says more', async () => {
  const lines = [
    'X-Forwarded-For: 6.6.6.6, 203.0.113.7',
    'X-Real-Ip: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
  ]
  const plain = await gatewayWith()
  await plain.send(asJohn('GET /api', ...lines))
  expect(plain.recorder.requests[0]?.values('x-forwarded-for')).toEqual(['127.0.0.1'])
  expect(plain.recorder.bytes()).not.toContain('6.6.6.6')

  const behind = await gatewayWith({ trustedProxies: ['127.0.0.0/8'] })
  await behind.send(asJohn('GET /api', ...lines))
  expect(behind.recorder.requests[0]?.values('x-forwarded-for')).toEqual(['203.0.113.7'])
  expect(behind.exchanges[0]?.peerAddress).toBe('203.0.113.7')
})

/** A judge whose decision lacks what a decision must have. */
function careless(impersonation: readonly (readonly [string, string])[]): Judge {
  return {
    async judge(request) {
      const user = { username: 'john', uid: '', groups: [], extra: new Map() }
      const identity = { issuer: 'x', user, tokenId: undefined, expiresAt: Number.MAX_SAFE_INTEGER }
      return { kind: 'forward', request, identity, user, impersonation }
    },
  }
}
