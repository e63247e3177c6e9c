import { expect, test } from 'vitest'
import { rawRequest, rules } from '../testing/samples.ts'
import { admit } from './admit.ts'
import type { AdmittedRequest } from './admitted-request.ts'
import type { HeaderLine, RawRequest } from './raw-request.ts'

function admitted(request: RawRequest): AdmittedRequest {
  const result = admit(request, rules)
  if (result.kind === 'refused') throw new Error(result.message)
  return result
}

function namesAfter(...headers: readonly HeaderLine[]): string[] {
  return admitted(rawRequest({}, headers)).endToEnd.map(([name]) => name)
}

function refusal(request: RawRequest): { status: number; reason: string } {
  const result = admit(request, rules)
  if (result.kind !== 'refused') throw new Error('it was admitted')
  return { status: result.status, reason: result.reason }
}

test('an ordinary request keeps its lines, in order and unchanged', () => {
  const lines: HeaderLine[] = [
    ['User-Agent', 'kubectl/v1.32.0'],
    ['accept', 'application/json'],
    ['X-Stream-Protocol-Version', 'v4.channel.k8s.io'],
    ['X-Stream-Protocol-Version', 'v3.channel.k8s.io'],
  ]
  const request = admitted(rawRequest({}, lines))
  expect(request.endToEnd).toEqual(lines)
  expect(request).toMatchObject({ token: 'abc', upgrade: undefined, body: { kind: 'none' } })
})

test.each([
  'Impersonate-User',
  'impersonate-group',
  'IMPERSONATE-UID',
  'Impersonate-Extra-Scopes',
  'Impersonate_User',
  'impersonate_Group',
  'Impersonate-Something-New',
])('A1 %s does not travel', (name) => {
  expect(namesAfter([name, 'system:masters'])).toEqual([])
})

test('A19 what the client impersonates is kept aside, line by line', () => {
  const lines: HeaderLine[] = [
    ['Impersonate-User', 'jane'],
    ['impersonate-group', 'CN=a,OU=b'],
    ['Impersonate-Group', 'g2'],
  ]
  expect(admitted(rawRequest({}, lines)).impersonation).toEqual(lines)
})

test.each<[string, readonly HeaderLine[]]>([
  ['one line', [['Connection', 'X-Secret']]],
  ['lower case', [['connection', 'x-secret']]],
  ['blanks', [['Connection', 'close,\t  X-Secret ']]],
  [
    'two lines, the first empty',
    [
      ['Connection', ''],
      ['Connection', 'x-SECRET'],
    ],
  ],
  ['Proxy-Connection', [['Proxy-Connection', 'X-Secret']]],
  ['underscores', [['Connection', 'X_Secret']]],
])('A4 A5 what Connection names does not travel: %s', (_, lines) => {
  expect(namesAfter(...lines, ['X-Secret', '1'], ['X-Other', '2'])).toEqual(['X-Other'])
})

test('A5 Connection cannot take the credential or the host away', () => {
  const request = admitted(rawRequest({}, [['Connection', 'Authorization, Host, Content-Length']]))
  expect(request.token).toBe('abc')
})

test.each([
  'X-Remote-User',
  'x-remote-group',
  'X_Remote_Uid',
  'X-Remote-Extra-Scopes',
  'X-Forwarded-For',
  'X-Forwarded-Client-Cert',
  'X_Forwarded_Uri',
  'Forwarded',
  'X-Real-Ip',
  'Via',
  'Audit-ID',
  'Cookie',
  'Proxy-Authorization',
  'TE',
  'Keep-Alive',
  'Trailer',
  'HTTP2-Settings',
  'X-HTTP-Method-Override',
])('B6 B7 B9 B10 D4 %s does not travel', (name) => {
  expect(namesAfter([name, 'x'])).toEqual([])
})

test('B1 two Authorization lines are refused', () => {
  const request = rawRequest({}, [['authorization', 'Bearer def']])
  expect(refusal(request)).toEqual({ status: 400, reason: 'request_malformed' })
})

test.each([
  'Bearer',
  'Bearer ',
  'Bearer  abc',
  'Bearer a b',
  'Bearer\tabc',
  'Basic am9objpwYXNz',
  'Negotiate abc',
  'bearer: abc',
  'Bearer abc,',
  '',
])('B2 the credential %j is refused', (value) => {
  const request = rawRequest({
    headers: [
      ['Host', 'gateway.example.com'],
      ['Authorization', value],
    ],
  })
  expect(refusal(request)).toEqual({ status: 401, reason: 'credential_malformed' })
})

test.each(['Bearer abc', 'bearer abc', 'BEARER abc'])('B2 %j is a bearer token', (value) => {
  const request = rawRequest({
    headers: [
      ['Host', 'g'],
      ['Authorization', value],
    ],
  })
  expect(admitted(request).token).toBe('abc')
})

test('B4 a token in the query is no credential', () => {
  const request = rawRequest({
    target: '/api?access_token=abc&token=abc',
    headers: [['Host', 'g']],
  })
  expect(admitted(request).token).toBeUndefined()
})

test.each([
  ['/api/../healthz'],
  ['/api/./v1'],
  ['/api/%2e%2e/v1'],
  ['/api/%2E./v1'],
  ['/a%2f..%2fb'],
  ['/api/..'],
  ['//evil.example.com/api'],
  ['/api//v1'],
  ['/api#x'],
  ['/api\\v1'],
  ['/api/%00'],
  ['/api/\u00e9'],
  ['/a b'],
])('D1 the target %j is refused', (target) => {
  expect(refusal(rawRequest({ target }))).toEqual({
    status: 400,
    reason: 'request_target_refused',
  })
})

test.each(['/api/%', '/api/%zz', '/api/%4'])('D1 the malformed target %j is refused', (target) => {
  expect(refusal(rawRequest({ target })).status).toBe(400)
})

test.each([
  '/api/v1/namespaces/a/services/https:b:443/proxy/c%2Fd?e=%zz&f#'.replace('#', ''),
  '/api/v1/pods?labelSelector=a%3Db,c%21%3Dd',
  '/api/v1/namespaces/..a/pods',
])('D1 the target %j is kept byte for byte', (target) => {
  expect(admitted(rawRequest({ target })).target).toBe(target)
})

test.each(['http://evil.example.com/api', 'https://gateway.example.com/', 'evil:443', '*'])(
  'D2 D4 the target %j, which is not a path, is refused',
  (target) => {
    expect(refusal(rawRequest({ target, method: 'OPTIONS' })).status).toBe(400)
  },
)

test.each(['CONNECT', 'TRACE', 'TRACK', 'PROPFIND', 'get'])('D3 D4 %s is not allowed', (method) => {
  expect(refusal(rawRequest({ method }))).toEqual({ status: 405, reason: 'method_not_allowed' })
})

test('D5 two Host lines, none, and a host that is not ours are refused', () => {
  expect(refusal(rawRequest({}, [['host', 'other']])).status).toBe(400)
  expect(refusal(rawRequest({ headers: [['Authorization', 'Bearer abc']] })).status).toBe(400)
  expect(refusal(rawRequest({ headers: [['Host', 'a b']] })).status).toBe(400)
  const named = { ...rules, serverNames: ['gateway.example.com'] }
  expect(admit(rawRequest({ headers: [['Host', 'evil.example.com']] }), named)).toMatchObject({
    status: 421,
    reason: 'host_unknown',
  })
  expect(admit(rawRequest({ headers: [['Host', 'Gateway.Example.com:8443']] }), named).kind).toBe(
    'admitted',
  )
})

test.each<[string, readonly HeaderLine[], string?]>([
  [
    'E1 both',
    [
      ['Content-Length', '3'],
      ['Transfer-Encoding', 'chunked'],
    ],
  ],
  [
    'E1 two lengths',
    [
      ['Content-Length', '3'],
      ['content-length', '3'],
    ],
  ],
  ['E1 a list', [['Content-Length', '3, 3']]],
  ['E1 a sign', [['Content-Length', '+3']]],
  ['E2 xchunked', [['Transfer-Encoding', 'xchunked']]],
  ['E3 twice', [['Transfer-Encoding', 'chunked, chunked']]],
  [
    'E3 two lines',
    [
      ['Transfer-Encoding', 'chunked'],
      ['Transfer-Encoding', 'identity'],
    ],
  ],
  ['E3 a parameter', [['Transfer-Encoding', 'chunked;a=b']]],
  ['E3 HTTP/1.0', [['Transfer-Encoding', 'chunked']], '1.0'],
])('%s: the framing is refused', (_, lines, httpVersion = '1.1') => {
  expect(refusal(rawRequest({ httpVersion }, lines))).toEqual({
    status: 400,
    reason: 'request_malformed',
  })
})

test('E5 too many lines are refused, not cut', () => {
  const lines = Array.from({ length: 500 }, (_, index): HeaderLine => [`X-${index}`, ''])
  expect(refusal(rawRequest({}, lines))).toEqual({ status: 431, reason: 'headers_too_many' })
})

test('E8 the body of a DELETE and an expectation are told', () => {
  const request = rawRequest({ method: 'DELETE' }, [
    ['Content-Length', '12'],
    ['Expect', '100-Continue'],
  ])
  expect(admitted(request)).toMatchObject({
    body: { kind: 'length', bytes: 12 },
    expectsContinue: true,
  })
  expect(refusal(rawRequest({}, [['Expect', 'tea']])).status).toBe(417)
})

test.each([
  ['h2c', [['Upgrade', 'h2c']]],
  ['TLS', [['Upgrade', 'TLS/1.0']]],
  ['a list', [['Upgrade', 'websocket, h2c']]],
  [
    'two lines',
    [
      ['Upgrade', 'websocket'],
      ['Upgrade', 'h2c'],
    ],
  ],
] as [string, HeaderLine[]][])('F1 an upgrade to %s is refused', (_, lines) => {
  const request = rawRequest({}, [['Connection', 'Upgrade'], ...lines])
  expect(refusal(request)).toEqual({ status: 400, reason: 'upgrade_refused' })
})

test('F2 Upgrade without Connection is a plain request without it', () => {
  const request = admitted(
    rawRequest({}, [
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAM'],
    ]),
  )
  expect(request.upgrade).toBeUndefined()
  expect(request.endToEnd).toEqual([])
})

test('F1 SPDY by POST and WebSocket by GET are upgrades; a body or HTTP/1.0 is not', () => {
  const spdy: HeaderLine[] = [
    ['connection', 'upgrade'],
    ['upgrade', 'SPDY/3.1'],
  ]
  const webSocket: HeaderLine[] = [
    ['Connection', 'keep-alive, Upgrade'],
    ['Upgrade', 'WebSocket'],
  ]
  expect(admitted(rawRequest({ method: 'POST' }, spdy)).upgrade).toBe('SPDY/3.1')
  expect(admitted(rawRequest({}, webSocket)).upgrade).toBe('WebSocket')
  expect(refusal(rawRequest({ method: 'POST' }, webSocket)).reason).toBe('upgrade_refused')
  expect(refusal(rawRequest({}, [...spdy, ['Content-Length', '1']])).reason).toBe('upgrade_refused')
  expect(refusal(rawRequest({ httpVersion: '1.0' }, spdy)).reason).toBe('upgrade_refused')
})

const webSocket: readonly HeaderLine[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
]
const bearer = `base64url.bearer.authorization.k8s.io.${Buffer.from('abc').toString('base64url')}`

function browser(...headers: readonly HeaderLine[]): RawRequest {
  return rawRequest({ headers: [['Host', 'gateway.example.com'], ...webSocket, ...headers] })
}

test('B5 the token of a browser is found, and its subprotocol does not travel', () => {
  const request = admitted(
    browser(['Sec-WebSocket-Protocol', `${bearer}, v5.channel.k8s.io`], ['Sec-WebSocket-Key', 'k']),
  )
  expect(request.token).toBe('abc')
  expect(request.endToEnd).toEqual([
    ['Sec-WebSocket-Key', 'k'],
    ['Sec-WebSocket-Protocol', 'v5.channel.k8s.io'],
  ])
})

test.each([
  ['two', `${bearer}, ${bearer}x, v5.channel.k8s.io`],
  ['alone', bearer],
  ['padding', `${bearer}=, v5.channel.k8s.io`],
  ['another alphabet', 'base64url.bearer.authorization.k8s.io.a+/b, v5'],
  ['not canonical', 'base64url.bearer.authorization.k8s.io.YWJjZB, v5'],
  ['no token', 'base64url.bearer.authorization.k8s.io., v5'],
  ['no text', 'base64url.bearer.authorization.k8s.io._____w, v5'],
])('B5 a bearer subprotocol is refused: %s', (_, value) => {
  expect(refusal(browser(['Sec-WebSocket-Protocol', value]))).toEqual({
    status: 401,
    reason: 'credential_malformed',
  })
})

test('B5 two credentials, and a subprotocol without an upgrade, are no credential', () => {
  const both = rawRequest({}, [...webSocket, ['Sec-WebSocket-Protocol', `${bearer}, v5`]])
  expect(refusal(both).status).toBe(400)
  const plain = admitted(
    rawRequest({
      headers: [
        ['Host', 'g'],
        ['Sec-WebSocket-Protocol', `${bearer}, v5`],
      ],
    }),
  )
  expect(plain).toMatchObject({ token: undefined, endToEnd: [] })
})

test('H11 a WebSocket of another origin is refused unless it is allowed', () => {
  const evil = browser(['Origin', 'https://evil.example.com'])
  expect(refusal(evil)).toEqual({ status: 403, reason: 'origin_refused' })
  expect(admit(evil, { ...rules, allowedOrigins: ['https://evil.example.com'] }).kind).toBe(
    'admitted',
  )
  expect(admit(browser(['Origin', 'https://gateway.example.com']), rules).kind).toBe('admitted')
  expect(refusal(browser(['Origin', 'null'])).reason).toBe('origin_refused')
})

test.each<[string, HeaderLine]>([
  ['a control character', ['X-A', 'a\u0001b']],
  ['a line end', ['X-A', 'a\r\nImpersonate-User: x']],
  ['a blank in the name', ['X A', '1']],
  ['no name', ['', '1']],
])('A10 a line with %s is refused', (_, line) => {
  expect(refusal(rawRequest({}, [line])).status).toBe(400)
})
