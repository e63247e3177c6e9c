import { expect, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'
import { withLines } from '../../../world/gateway/requests.ts'

const gateway = attackedGateway()
const smuggled = 'GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n'

test.each<[string, readonly string[], string]>([
  ['E1 two kinds of length', ['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
  ['E1 two lengths', ['Content-Length: 0', `Content-Length: ${smuggled.length}`], ''],
  ['E1 a list of lengths', ['Content-Length: 0, 5'], ''],
  ['E1 a signed length', ['Content-Length: +5'], 'hello'],
  ['E1 a length in hexadecimal', ['Content-Length: 0x5'], 'hello'],
  ['E1 a blank before the colon', ['Content-Length : 5'], 'hello'],
  ['E1 E6 a blank before the name', [' Content-Length: 5'], 'hello'],
  ['E1 a folded line', ['X-A: b', ' c'], ''],
  ['E2 an encoding that is nearly chunked', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
  ['E2 chunked behind a vertical tab', ['Transfer-Encoding: \u000bchunked'], '0\r\n\r\n'],
  ['E3 chunked twice', ['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n'],
  [
    'E3 chunked in two lines',
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    '0\r\n\r\n',
  ],
  ['E3 chunked with a parameter', ['Transfer-Encoding: chunked;a=b'], '0\r\n\r\n'],
  ['E3 identity', ['Transfer-Encoding: identity'], ''],
  ['E6 a length beyond a number', ['Content-Length: 99999999999999999999'], 'x'],
])('%s: nothing arrives, neither the request nor what stands behind it', async (_, lines, body) => {
  await gateway().expectRefused(gateway().asJohn('POST /api', ...lines) + body + smuggled)
})

test('E1 bare line feeds end nothing', async () => {
  await gateway().expectRefused(gateway().asJohn('GET /api').replaceAll('\r\n', '\n'))
  await gateway().expectRefused(gateway().asJohn('GET /api', 'X: a\nImpersonate-User: admin'))
  await gateway().expectRefused(gateway().asJohn('GET /api', 'X: a\rImpersonate-User: admin'))
})

test('E3 chunks in HTTP/1.0 are refused', async () => {
  const head = gateway().asJohn('POST /api', 'Transfer-Encoding: chunked')
  await gateway().expectRefused(`${head.replace('HTTP/1.1', 'HTTP/1.0')}0\r\n\r\n${smuggled}`, 400)
})

test('E5 thousands of lines before the credential are refused, not forgotten', async () => {
  const lines = Array.from({ length: 3_000 }, (_, at) => `X-${at}: y`)
  await gateway().expectRefused(withLines('GET /api', 'Host: x', ...lines), 431)
  await gateway().expectRefused(gateway().asJohn('GET /api', ...lines), 431)
})

test('E6 a flood of chunk extensions ends', async () => {
  const head = gateway().asJohn('POST /flood', 'Transfer-Encoding: chunked')
  const answer = await gateway().send(`${head}1;${'a'.repeat(200_000)}\r\nx\r\n0\r\n\r\n`)
  expect(answer?.status ?? 400).toBeGreaterThanOrEqual(400)
  // Its head may have gone on before the flood came; the next test must not see it arrive.
  await gateway().send(gateway().asJohn('GET /fence-flood'))
})

test('E7 a trailer never becomes a line of the head', async () => {
  const head = gateway().asJohn(
    'POST /api',
    'Transfer-Encoding: chunked',
    'Trailer: Impersonate-User',
  )
  const request = await gateway().expectJohns(
    `${head}1\r\nx\r\n0\r\nImpersonate-User: admin\r\n\r\n`,
  )
  expect(await request.body()).toEqual(Buffer.from('x'))
  expect(gateway().recorder.bytes()).not.toContain('Impersonate-User: admin')
})

test('E10 what is pipelined behind a good request has no part in its credential', async () => {
  const before = gateway().recorder.requests.length
  const client = await gateway().connect()
  client.write(
    gateway().asJohn('GET /good') +
      smuggled +
      withLines('GET /x', 'Host: x', 'Authorization: Bearer x'),
  )
  expect((await client.response()).status).toBe(200)
  expect((await client.response()).status).toBe(401)
  expect((await client.response()).status).toBe(401)
  const targets = gateway()
    .recorder.requests.slice(before)
    .map(({ target }) => target)
  expect(targets.filter((target) => target !== '/version')).toEqual(['/good'])
})

test('E11 G2 nobody is offered HTTP/2, and its preface is refused', async () => {
  await gateway().expectRefused('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
})
