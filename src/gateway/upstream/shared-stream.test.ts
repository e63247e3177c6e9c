import type { ClientHttp2Stream } from 'node:http2'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { carryStream } from './shared-stream.ts'

test('a body that Node tells of before its head is passed on behind it', async () => {
  const stream = new PassThrough()
  const told: string[] = []
  const ended = new Promise<void>((resolve) => {
    carryStream(
      Object.assign(stream, { rstCode: 0 }) as unknown as ClientHttp2Stream,
      {
        head: ({ status }) => void told.push(`head ${status}`),
        data: (chunk) => told.push(chunk.toString()) > 0,
        end: () => resolve(),
        failed: (failure) => void told.push(failure),
      },
      { whenBroken: () => 'broken', answered() {}, over() {} },
    )
  })
  stream.end('{}')
  await new Promise((resolve) => setImmediate(resolve))
  stream.emit('response', { ':status': 200 }, 0, [])
  await ended
  expect(told).toEqual(['head 200', '{}'])
})
