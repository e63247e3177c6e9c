import { expect, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'
import { withLines } from '../../../world/gateway/requests.ts'

const gateway = attackedGateway('', ', serverNames: [gateway.example.com]')

test.each([
  '/api/../apis',
  '/api/./v1',
  '/api/%2e%2e/apis',
  '/api/%2E./apis',
  '/api/..%2fapis',
  '//evil.example.com/api',
  '/api//v1',
  '/api/%00',
  '/api/%zz',
  '/api\\v1',
  '/api#fragment',
  '/api?a#b',
  '/api/\u00e9',
  'api',
])('D1 D6 the target %s is refused', async (target) => {
  await gateway().expectRefused(gateway().asJohn(`GET ${target}`), 400)
})

test.each(['/api/v1/namespaces/a/services/b/proxy/c%2Fd%3f?x=%zz&%00&;', '/api?a=1&a=2&A=3'])(
  'D1 D6 the target %s arrives byte for byte',
  async (target) => {
    expect((await gateway().expectJohns(gateway().asJohn(`GET ${target}`))).target).toBe(target)
  },
)

test.each([
  'http://evil.example.com/api',
  'https://gateway.example.com/api',
  'https://169.254.169.254/latest/meta-data',
  '*',
])('D2 D4 D8 the absolute target %s is refused, and nobody is called', async (target) => {
  await gateway().expectRefused(gateway().asJohn(`GET ${target}`), 400)
  await gateway().expectRefused(gateway().asJohn(`OPTIONS ${target}`), 400)
})

test('D3 CONNECT opens nothing', async () => {
  await gateway().expectRefused(gateway().asJohn('CONNECT 127.0.0.1:22'), 405)
  await gateway().expectRefused(
    `${gateway().asJohn('CONNECT /api')}GET /api/v1/secrets HTTP/1.1\r\n\r\n`,
  )
})

test.each(['TRACE', 'PROPFIND', 'PURGE', 'LINK', 'M-SEARCH'])(
  'D4 %s is refused',
  async (method) => {
    await gateway().expectRefused(gateway().asJohn(`${method} /api`), 405)
  },
)

test('D4 another method than that of the request line is not asked for', async () => {
  const request = await gateway().expectJohns(
    gateway().asJohn('GET /api', 'X-HTTP-Method-Override: DELETE', 'X-Method-Override: DELETE'),
  )
  expect(request.method).toBe('GET')
  expect(request.head).not.toMatch(/override/i)
})

test.each([
  ['two Host lines', ['Host: gateway.example.com', 'Host: evil.example.com'], 400],
  ['no Host', [], 400],
  ['an empty Host', ['Host:'], 400],
  ['another Host', ['Host: evil.example.com'], 421],
  ['a Host with a path', ['Host: gateway.example.com/x'], 400],
  ['a Host with a user', ['Host: gateway.example.com@evil.example.com'], 400],
  ['a list of hosts', ['Host: gateway.example.com, evil.example.com'], 400],
] as const)('D5 %s is refused', async (_, lines, status) => {
  const bearer = `Authorization: Bearer ${gateway().token()}`
  await gateway().expectRefused(withLines('GET /api', ...lines, bearer), status)
})
