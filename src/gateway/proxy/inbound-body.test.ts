import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createInboundBody } from './inbound-body.ts'
import { discardRest } from './linger.ts'

/** Takes a body and says no more after so many pieces. */
function taker(limit: number) {
  const got: string[] = []
  return {
    got,
    sink: {
      data(chunk: Buffer) {
        got.push(chunk.toString())
        return got.length < limit
      },
      end: () => void got.push('end'),
    },
  }
}

function bodyWith(...pieces: readonly string[]) {
  const asked = { times: 0 }
  const body = createInboundBody(() => {
    asked.times += 1
  })
  for (const piece of pieces) body.push(Buffer.from(piece))
  return { body, asked }
}

test('what came before anybody takes it is handed over in order, and then more is asked for', () => {
  const { body, asked } = bodyWith('a', 'b')
  expect(body.isWanted()).toBe(false)
  const { got, sink } = taker(10)
  body.read(sink)
  expect(got).toEqual(['a', 'b'])
  expect([body.isWanted(), asked.times]).toEqual([true, 1])
  body.push(Buffer.from('c'))
  body.finish()
  expect(got).toEqual(['a', 'b', 'c', 'end'])
  expect(body.isComplete()).toBe(true)
})

test('a body that was whole before is handed over whole, and nothing is asked for', () => {
  const { body, asked } = bodyWith('a')
  body.finish()
  const { got, sink } = taker(1)
  body.read(sink)
  expect(got).toEqual(['a', 'end'])
  expect(asked.times).toBe(0)
})

test('after a no nothing is asked for until it goes on, and then once', () => {
  const { body, asked } = bodyWith('a')
  const { got, sink } = taker(1)
  body.read(sink)
  expect([got, body.isWanted(), asked.times]).toEqual([['a'], false, 0])
  body.resume()
  body.resume()
  expect([body.isWanted(), asked.times]).toEqual([true, 1])
})

test('a taker that gives up is told nothing more, not even within a hand-over', () => {
  const { body, asked } = bodyWith('a', 'b')
  const got: string[] = []
  body.read({
    data(chunk) {
      got.push(chunk.toString())
      body.cancel()
      return true
    },
    end: () => void got.push('end'),
  })
  body.push(Buffer.from('c'))
  body.resume()
  body.finish()
  expect(got).toEqual(['a'])
  expect(asked.times).toBe(0)
})

test('a rest that nobody wants is asked for, and thrown away', () => {
  const { body, asked } = bodyWith('a')
  body.discard()
  expect([body.isWanted(), asked.times]).toEqual([true, 1])
  body.push(Buffer.from('b'))
  expect(body.isComplete()).toBe(false)
  body.finish()
  expect(body.isComplete()).toBe(true)
})

test('a rest that was here already is waited for no longer', () => {
  const body = createInboundBody(() => body.finish())
  let released = 0
  const socket = new Socket()
  discardRest(socket, body, () => {
    released += 1
  })
  expect(released).toBe(1)
  socket.destroy()
})
