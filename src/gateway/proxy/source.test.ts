import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createConnections } from './connections.ts'
import { sourceOf } from './source.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
  ['::1', '0:0:0:0'],
  ['', ''],
])('the source of %j is %j', (address, source) => {
  expect(sourceOf(address)).toBe(source)
})

test('G1 a thousand addresses of one IPv6 network have one limit', () => {
  const refused: string[] = []
  const book = createConnections(
    { maxConnections: 10_000, maxConnectionsPerAddress: 10 },
    (reason) => void refused.push(reason),
  )
  const surplus = 64
  for (let host = 1; host <= 10 + surplus + 1; host += 1) book.accept(socketOf(host))
  expect(refused).toEqual(['address_limit'])
})

/** A socket that is never opened, with an address of a network. */
function socketOf(host: number): Socket {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: `2001:db8::${host.toString(16)}` })
  return socket
}
