import { expect, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'
import { eventually } from '../../../world/gateway/eventually.ts'
import { discoveryPath } from '../../../world/token-issuer.ts'

const gateway = attackedGateway('', '', (issuer) => issuer.answer(discoveryPath, { status: 503 }))

async function statusOf(path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${gateway().program.operationsPort}${path}`)).status
}

test('C24 a provider that is down at the start lets nobody in, and everybody once it is there', async () => {
  const { asJohn, expectJohns, issuer, send, recorder } = gateway()
  expect((await send(asJohn('GET /too-early')))?.status).toBe(503)
  expect(await statusOf('/livez')).toBe(200)
  expect(await statusOf('/readyz')).toBe(503)
  expect(recorder.requests.filter(({ target }) => target === '/too-early')).toEqual([])
  issuer.answer(discoveryPath, undefined)
  await eventually(async () => (await send(asJohn('GET /api')))?.status === 200)
  await eventually(async () => (await statusOf('/readyz')) === 200)
  await expectJohns(asJohn('GET /api'))
})

test('D8 an API server that goes away is told of at once, and found again without help', async () => {
  const { asJohn, connect, expectJohns, recorder, send } = gateway()
  recorder.play(({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n')
  })
  const watcher = await connect()
  watcher.write(asJohn('GET /api/v1/pods?watch=1'))
  await watcher.until('{}\n')
  const comeBack = await recorder.goAway()
  // Half an answer ends with the connection, so that it is not taken for a whole one.
  expect(await watcher.closed()).not.toContain('0\r\n\r\n')
  const answer = await send(asJohn('GET /api'))
  expect(answer?.status).toBe(503)
  expect(answer?.values('retry-after')).toEqual(['1'])
  await comeBack()
  recorder.play(async ({ socket, body }) => {
    await body()
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })
  await expectJohns(asJohn('GET /back'))
})
