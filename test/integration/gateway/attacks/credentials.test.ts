import { expect, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'
import { gatewayCredential } from '../../../world/gateway/program.ts'
import { withLines } from '../../../world/gateway/requests.ts'

const gateway = attackedGateway()
const pods = 'GET /api/v1/pods'
const withCredential = (...lines: readonly string[]): string => withLines(pods, 'Host: x', ...lines)

test('B1 two Authorization lines are refused, whichever is good', async () => {
  const good = `Authorization: Bearer ${gateway().token()}`
  await gateway().expectRefused(withCredential(good, 'Authorization: Bearer x'), 400)
  await gateway().expectRefused(withCredential('Authorization: Bearer x', good), 400)
  await gateway().expectRefused(withCredential(good, good), 400)
})

test.each<[string, (token: string) => string]>([
  ['two blanks', (token) => `Authorization: Bearer  ${token}`],
  ['a tab', (token) => `Authorization: Bearer\t${token}`],
  ['no token', () => 'Authorization: Bearer'],
  ['an empty token', () => 'Authorization: Bearer '],
  ['Basic', () => 'Authorization: Basic am9objpqb2hu'],
  ['Negotiate', (token) => `Authorization: Negotiate ${token}`],
  ['a second word', (token) => `Authorization: Bearer ${token} x`],
  ['a list', (token) => `Authorization: Bearer ${token}, Bearer ${token}`],
  ['bytes beyond ASCII', (token) => `Authorization: Bearer ${token}\u00e9`],
  ['an underscore', (token) => `Authorization_: Bearer ${token}`],
  ['another header', (token) => `X-Authorization: Bearer ${token}`],
  ['Proxy-Authorization', (token) => `Proxy-Authorization: Bearer ${token}`],
  ['a cookie', (token) => `Cookie: token=${token}`],
])('B2 B10 a token with %s is no credential', async (_, line) => {
  await gateway().expectRefused(withCredential(line(gateway().token())), 401)
})

test('B4 a token in the query is no credential', async () => {
  const token = gateway().token()
  for (const name of ['access_token', 'token', 'Authorization']) {
    await gateway().expectRefused(withLines(`GET /api?${name}=${token}`, 'Host: x'), 401)
  }
})

test('B5 a token in a subprotocol is no credential without an upgrade, nor beside another', async () => {
  const { token, expectRefused, asJohn } = gateway()
  const bearer = `base64url.bearer.authorization.k8s.io.${Buffer.from(token()).toString('base64url')}`
  const offer = `Sec-WebSocket-Protocol: v4.channel.k8s.io, ${bearer}`
  await expectRefused(withCredential(offer), 401)
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  await expectRefused(asJohn('GET /exec', ...upgrade, offer), 400)
  await expectRefused(withLines('GET /exec', 'Host: x', ...upgrade, `${offer}, ${bearer}`), 401)
})

test('B6 B7 B9 B10 lines that claim who, whence and which do not travel', async () => {
  const request = await gateway().expectJohns(
    gateway().asJohn(
      pods,
      'X-Remote-User: system:admin',
      'x_remote_group: system:masters',
      'X-Remote-Extra-Scopes: all',
      'X-Forwarded-For: 10.0.0.1',
      'X_Forwarded_For: 10.0.0.1',
      'X-Forwarded-Client-Cert: Subject="CN=system:admin"',
      'X-Forwarded-Uri: /healthz',
      'X-Real-Ip: 10.0.0.1',
      'Forwarded: for=10.0.0.1',
      'Audit-ID: mine',
      'Cookie: a=b',
      'Proxy-Authorization: Basic x',
      'TE: trailers',
      'Trailer: Impersonate-User',
      'Keep-Alive: timeout=1',
      'HTTP2-Settings: x',
    ),
  )
  expect(request.values('audit-id')).not.toEqual(['mine'])
  for (const name of ['te', 'trailer', 'keep-alive', 'http2-settings', 'x_forwarded_for']) {
    expect(request.values(name)).toEqual([])
  }
})

test('B13 H13 the environment and a certificate of the client change nothing', async () => {
  await gateway().expectJohns(gateway().asJohn(pods, 'X-Client-Cert: CN=system:admin'))
  await gateway().expectRefused(withCredential('X-SSL-Client-S-DN: CN=system:admin'), 401)
})

test('B12 nothing that the program has written holds a token', async () => {
  const token = gateway().token()
  await gateway().send(
    withLines(`GET /api?token=${token}`, 'Host: x', `Authorization: Bearer ${token}`),
  )
  await gateway().send(
    withLines(`GET /api/${token}x`, 'Host: x', `Authorization: Bearer ${token}x`),
  )
  const { stdout, stderr } = gateway().program
  await gateway().program.printed(/token_signature_invalid|token_malformed/)
  const written = (stdout() + stderr()).replaceAll(`/api/${token}`, '')
  expect(written).not.toContain(token)
  expect(written).not.toContain(gatewayCredential)
})
