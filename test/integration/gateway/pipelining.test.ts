import { expect, test } from 'vitest'
import { gatewayWith, judgeOf } from '../../world/gateway/gateway-with.ts'
import { okScript } from '../../world/gateway/recorder.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'

test('E10 G4 a request that is pipelined waits for its turn: one connection gets one of the API server', async () => {
  let answer = (): void => {}
  const gateway = await gatewayWith({
    script(request) {
      if (request.target !== '/first') return void okScript(request)
      answer = () => void request.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1')
    },
  })
  const client = await gateway.connect()
  client.write([1, 2, 3].map((n) => asJohn(`GET /${n === 1 ? 'first' : n}`)).join(''))
  await gateway.recorder.arrived(1)
  await gateway.expectArrived(1)
  answer()
  expect((await client.response()).body).toBe('1')
  expect((await client.response()).status).toBe(200)
  expect((await client.response()).status).toBe(200)
  const targets = gateway.recorder.requests.map(({ target }) => target)
  expect(targets.filter((target) => !target.startsWith('/fence'))).toEqual(['/first', '/2', '/3'])
})

test('G5 a connection whose requests pile up is read no further', async () => {
  const gateway = await gatewayWith({ script: () => {} })
  const client = await gateway.connect()
  client.write(asJohn('GET /slow').repeat(20_000))
  await client.closed()
  expect(gateway.exchanges.length).toBeLessThan(2_000)
  expect(gateway.exchanges.some(({ refusal }) => refusal === 'overloaded')).toBe(true)
  expect(gateway.recorder.requests.length).toBeLessThan(2)
})

test('G3 guesses that are pipelined are counted one after the other', async () => {
  let judged = 0
  const judge = judgeOf()
  const gateway = await gatewayWith({
    limits: { maxFailuresPerSecond: 3 },
    judge: {
      judge(...parts) {
        judged += 1
        return judge.judge(...parts)
      },
    },
  })
  const client = await gateway.connect()
  client.write(withLines('GET /api', 'Host: x', 'Authorization: Bearer guess').repeat(20))
  const statuses: number[] = []
  for (let count = 0; count < 20; count += 1) statuses.push((await client.response()).status)
  expect(statuses.filter((status) => status === 401).length).toBeLessThan(6)
  expect(judged).toBeLessThan(6)
})
