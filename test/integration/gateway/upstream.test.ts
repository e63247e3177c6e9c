import { expect, test } from 'vitest'
import { headLines } from '../../../src/gateway/http1/index.ts'
import type { Sending, Upstream, UpstreamFailure } from '../../../src/gateway/upstream/index.ts'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'

interface Reply {
  readonly sending: Sending
  readonly ended: Promise<number | UpstreamFailure>
}

/** Sends a GET as the gateway itself, and tells its status or why there is none. */
function get(upstream: Upstream, target: string): Reply {
  let sending: Sending | undefined
  const ended = new Promise<number | UpstreamFailure>((resolve) => {
    let status = 0
    sending = upstream.send(
      {
        transport: 'gateway',
        lane: 'short',
        method: 'GET',
        target,
        headers: headLines([['Host', upstream.authority()]]),
        ownHeaders: [],
        body: undefined,
        contentLength: undefined,
      },
      {
        head: (head) => {
          status = head.status
        },
        data: () => true,
        end: () => resolve(status),
        failed: resolve,
      },
    )
  })
  if (!sending) throw new Error('nothing was sent')
  return { sending, ended }
}

test('giving up a request that is over leaves its connection to the request that has it now', async () => {
  let answer = (): void => {}
  const { upstream, recorder } = await gatewayWith({
    script: ({ socket, target }) => {
      const write = (): void => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      if (target === '/first') write()
      else answer = write
    },
  })
  const first = get(upstream, '/first')
  expect(await first.ended).toBe(200)
  const second = get(upstream, '/second')
  const { connection } = await recorder.arrived(2)
  expect(connection).toBe(recorder.requests[0]?.connection)
  first.sending.abort()
  answer()
  expect(await second.ended).toBe(200)
})

test('a request that is given up while it waits is never sent', async () => {
  const { upstream, recorder } = await gatewayWith({
    script: () => {},
    limits: { maxUpstreamConnections: 1 },
  })
  const first = get(upstream, '/first')
  const second = get(upstream, '/second')
  await recorder.arrived(1)
  second.sending.abort()
  expect(await second.ended).toBe('aborted')
  first.sending.abort()
  expect(await first.ended).toBe('aborted')
  await recorder.settled(0)
  expect(recorder.requests).toHaveLength(1)
})

test('beyond its connections so many requests wait, and no more', async () => {
  const { upstream } = await gatewayWith({
    script: () => {},
    limits: { maxUpstreamConnections: 1 },
  })
  const waiting = Array.from({ length: 9 }, (_, index) => get(upstream, `/${index}`))
  expect(await get(upstream, '/one-more').ended).toBe('overloaded')
  for (const { sending } of waiting.reverse()) sending.abort()
})

test('what comes behind an answer is not taken for the answer to the request that waited', async () => {
  const answer = (status: number): string => `HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`
  const { upstream, recorder } = await gatewayWith({
    limits: { maxUpstreamConnections: 1 },
    script: ({ socket, target }) => {
      socket.write(target === '/first' ? answer(200) + answer(299) : answer(201))
    },
  })
  const first = get(upstream, '/first')
  const second = get(upstream, '/second')
  expect(await first.ended).toBe(200)
  expect(await second.ended).toBe(201)
  expect(recorder.connections().opened).toBe(2)
})
