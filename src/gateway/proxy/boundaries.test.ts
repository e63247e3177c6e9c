import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieces } from '../testing/pieces.ts'
import { boundaryFor } from './stream-boundary.ts'
import { closeFrame, createWebSocketBoundary } from './websocket-boundary.ts'

const json = () => boundaryFor([['Content-Type', 'application/json']])
const protobuf = () =>
  boundaryFor([['content-type', 'application/vnd.kubernetes.protobuf;stream=watch']])

function framed(payload: Uint8Array): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32BE(payload.length)
  return Buffer.concat([prefix, payload])
}

function webSocketFrame(payload: Uint8Array): Buffer {
  const { length } = payload
  const head = length < 126 ? Buffer.from([0x82, length]) : Buffer.from([0x82, 126, 0, 0])
  if (length >= 126) head.writeUInt16BE(length, 2)
  return Buffer.concat([head, payload])
}

const payload = fc.uint8Array({ maxLength: 300 })
const cuts = fc.array(fc.nat(), { maxLength: 12 })

test('G7 however binary events are cut into chunks, the end of one is found where it is', () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 5 }), payload, cuts, (whole, last, places) => {
      const before = Buffer.concat(whole.map(framed))
      const boundary = protobuf()
      for (const piece of pieces(before, places)) boundary.passed(piece)
      expect(boundary.isReached()).toBe(true)
      const event = framed(last)
      boundary.passed(event.subarray(0, 3))
      expect(boundary.isReached()).toBe(false)
      const rest = Buffer.concat([event.subarray(3), framed(Buffer.from('next'))])
      expect(boundary.rest(rest)).toBe(event.length - 3)
    }),
  )
})

test('G7 lines end at their line feed, and compressed bytes nowhere in particular', () => {
  const boundary = json()
  expect(boundary.isReached()).toBe(true)
  boundary.passed(Buffer.from('{"a":'))
  expect(boundary.isReached()).toBe(false)
  expect(boundary.rest(Buffer.from('1}\n{"b"'))).toBe(3)
  expect(boundary.rest(Buffer.from('1'))).toBeUndefined()
  const compressed = boundaryFor([['Content-Encoding', 'gzip']])
  compressed.passed(Buffer.from('x'))
  expect(compressed.isReached()).toBe(true)
})

test('G7 however WebSocket frames are cut into chunks, the place between two is known', () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 5 }), cuts, (payloads, places) => {
      const boundary = createWebSocketBoundary()
      for (const piece of pieces(Buffer.concat(payloads.map(webSocketFrame)), places)) {
        boundary.passed(piece)
      }
      expect(boundary.isReached()).toBe(true)
      boundary.passed(Buffer.from([0x82, 2, 1]))
      expect(boundary.isReached()).toBe(false)
      boundary.passed(Buffer.from([1]))
      expect(boundary.isReached()).toBe(true)
    }),
  )
})

test('a close frame carries its code and a reason that fits', () => {
  expect(closeFrame(1001, 'bye')).toEqual(Buffer.from([0x88, 5, 3, 0xe9, 98, 121, 101]))
  expect(closeFrame(1001, 'x'.repeat(200))).toHaveLength(127)
})
